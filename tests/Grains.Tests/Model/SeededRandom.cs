namespace Firezone.Grains.Tests.Model;

/// <summary>Choices that a seed repeats.</summary>
internal sealed class SeededRandom(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public bool OneIn(int n) => _random.Next(n) == 0;

    public T Of<T>(params IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public T? OfAny<T>(IReadOnlyList<T> values)
        where T : class => values.Count == 0 ? null : Of(values);

    public Guid Guid()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>Some of them, in their order.</summary>
    public T[] Some<T>(IEnumerable<T> values) => [.. values.Where(_ => OneIn(2))];
}
