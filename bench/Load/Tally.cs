namespace Firezone.Bench.Load;

/// <summary>Counts by words, of a bounded number of different words: what a server says must not fill memory.</summary>
public sealed class Tally
{
    private const int Most = 32;
    private const int LongestText = 300;
    private const string Rest = "others";
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>All counts together.</summary>
    public int Total { get; private set; }

    /// <summary>The counts, most first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Counts => [.. _counts.OrderByDescending(pair => pair.Value)];

    /// <summary>Counts one, or several.</summary>
    public void Add(string words, int count = 1)
    {
        if (words.Length > LongestText)
            words = words[..LongestText] + " …";
        if (_counts.Count >= Most && !_counts.ContainsKey(words))
            words = Rest;
        _counts[words] = _counts.GetValueOrDefault(words) + count;
        Total += count;
    }

    /// <summary>Adds the counts of another.</summary>
    public void Add(Tally other)
    {
        foreach (var (words, count) in other._counts)
            Add(words, count);
    }

    /// <summary>As one line; empty if nothing was counted.</summary>
    public override string ToString() => string.Join("; ", Counts.Take(5).Select(pair => $"{pair.Value} x {pair.Key}"));
}
