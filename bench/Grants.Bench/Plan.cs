namespace Firezone.Grants.Bench;

/// <summary>How much of everything.</summary>
/// <param name="Rounds">How often each way is measured; the ways alternate.</param>
/// <param name="Duration">Of one measurement.</param>
internal sealed record Plan(int Rounds, TimeSpan Duration)
{
    /// <summary>Flows under way at one time, where the two ways are compared.</summary>
    public const int Flows = 256;

    /// <summary>Connections over which flows are stored one by one: the pool of a silo.</summary>
    public const int Connections = 32;

    /// <summary>Flows under way at one time, where the cost of a row is looked at.</summary>
    public static readonly int[] Crowds = [1, 8, 64, Flows];

    /// <summary>The figures that are quoted.</summary>
    public static Plan Full { get; } = new(5, TimeSpan.FromSeconds(5));

    /// <summary>Does everything, in under a minute; its figures are rough.</summary>
    public static Plan Short { get; } = new(2, TimeSpan.FromSeconds(1.5));
}
