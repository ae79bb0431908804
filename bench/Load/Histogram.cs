using System.Numerics;

namespace Firezone.Bench.Load;

/// <summary>
/// Durations in a fixed number of buckets, whatever their number. A bucket spans at most 1/64 of its value, so that a quantile is off by
/// less than 1 %.
/// </summary>
public sealed class Histogram
{
    // Values below 2^7 ns have a bucket each; every further power of two has 64.
    private const int ShareBits = 6;
    private const int Shares = 1 << ShareBits;
    private readonly int[] _counts = new int[Shares * 42];

    /// <summary>How many durations there are.</summary>
    public long Count { get; private set; }

    /// <summary>The longest.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Takes a duration in.</summary>
    public void Add(TimeSpan duration)
    {
        var nanoseconds = Math.Max(0, duration.Ticks * TimeSpan.NanosecondsPerTick);
        _counts[Math.Min(Bucket(nanoseconds), _counts.Length - 1)]++;
        Count++;
        if (duration > Longest)
            Longest = duration;
    }

    /// <summary>Takes all durations of another in.</summary>
    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        if (other.Longest > Longest)
            Longest = other.Longest;
    }

    /// <summary>The duration that this share of all does not exceed; zero if there are none.</summary>
    public TimeSpan Quantile(double share)
    {
        var left = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
                return TimeSpan.FromTicks(Math.Min(Longest.Ticks, (long)(Middle(bucket) / TimeSpan.NanosecondsPerTick)));
        }

        return Longest;
    }

    private static int Bucket(long value)
    {
        var shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value | 1) - ShareBits);
        return shift * Shares + (int)(value >> shift);
    }

    private static double Middle(int bucket)
    {
        if (bucket < 2 * Shares)
            return bucket;
        var shift = bucket / Shares - 1;
        return (bucket - shift * Shares + 0.5) * (1L << shift);
    }
}
