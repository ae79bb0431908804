namespace Firezone.Grains.Policies;

/// <summary>A part of a local day. Both ends are inside.</summary>
/// <param name="Start">Ticks since local midnight, a whole second.</param>
/// <param name="End">Ticks since local midnight, a whole second, not before <paramref name="Start"/>.</param>
internal readonly record struct TimeRange(long Start, long End)
{
    /// <summary>Sorted by start; ranges that overlap or share an end become one. 10–11 and 11:00:01–12 stay two.</summary>
    public static TimeRange[] Merge(List<TimeRange> ranges)
    {
        ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        var merged = new List<TimeRange>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.Start <= merged[^1].End)
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, range.End) };
            else
                merged.Add(range);
        }

        return [.. merged];
    }
}
