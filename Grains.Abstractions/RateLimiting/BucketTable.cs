using System.Numerics;

namespace Firezone.Grains.Abstractions.RateLimiting;

/// <summary>
/// Token buckets that are refilled by whole clock seconds: with a capacity and a refill of one, the first attempt in each second passes and
/// later ones do not. The table has a fixed size; when a row is full, the bucket that was touched longest ago is forgotten.
/// </summary>
/// <remarks>No clock, no I/O: whoever calls says what second it is. Not safe for concurrent callers.</remarks>
public sealed class BucketTable
{
    /// <summary>Buckets of a row.</summary>
    public const int Ways = 8;

    private readonly Bucket[] _buckets;
    private readonly ulong _multiplier;
    private readonly int _shift;

    /// <param name="rows">A power of two, at least 2. The table holds eight buckets per row, of 24 bytes each.</param>
    /// <param name="secret">
    /// Decides which keys share a row: those of somebody who does not know it fall into one no more often than by chance.
    /// </param>
    public BucketTable(int rows, ulong secret)
    {
        if (rows < 2 || !BitOperations.IsPow2(rows))
            throw new ArgumentOutOfRangeException(nameof(rows), rows, "A power of two is needed.");
        _buckets = new Bucket[rows * Ways];
        _multiplier = secret | 1;
        _shift = 64 - BitOperations.Log2((uint)rows);
    }

    /// <summary>Takes a token if there is one. A denied attempt costs nothing.</summary>
    public bool TryTake(ulong key, long second, in ConnectRate rate)
    {
        ref var bucket = ref Find(key, second, rate);
        if (bucket.Tokens < 1 || bucket.ClosedIn == (uint)second)
            return false;

        bucket.Tokens -= 1;
        return true;
    }

    /// <summary>
    /// The token that was taken was of no use, because somebody who knows more has refused the attempt: it is given back, and none is
    /// given out in the rest of this second.
    /// </summary>
    public void GiveBack(ulong key, long second, in ConnectRate rate)
    {
        ref var bucket = ref Find(key, second, rate);
        bucket.Tokens = Math.Min(rate.Capacity, bucket.Tokens + 1);
        bucket.ClosedIn = (uint)second;
    }

    /// <summary>Leaves at most so many tokens in a bucket: somebody else has given out the others.</summary>
    public void Lower(ulong key, double tokens, long second, in ConnectRate rate)
    {
        ref var bucket = ref Find(key, second, rate);
        bucket.Tokens = Math.Min(bucket.Tokens, tokens);
    }

    /// <summary>The buckets that are not full.</summary>
    public List<(ulong Key, double Tokens)> NotFull(long second, in ConnectRate rate)
    {
        var levels = new List<(ulong, double)>();
        for (var i = 0; i < _buckets.Length; i++)
        {
            ref var bucket = ref _buckets[i];
            if (bucket.Key == 0)
                continue;
            bucket.Refill(second, rate);
            if (bucket.Tokens < rate.Capacity)
                levels.Add((bucket.Key, bucket.Tokens));
        }

        return levels;
    }

    /// <summary>The key's bucket, refilled; a new one takes the place of the one that was touched longest ago.</summary>
    private ref Bucket Find(ulong key, long second, in ConnectRate rate)
    {
        var row = _buckets.AsSpan((int)((key * _multiplier) >> _shift) * Ways, Ways);
        var oldest = 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i].Key == key)
            {
                row[i].Refill(second, rate);
                return ref row[i];
            }

            if (row[i].Second < row[oldest].Second)
                oldest = i;
        }

        row[oldest] = new Bucket { Key = key, Tokens = rate.Capacity, Second = (uint)second };
        return ref row[oldest];
    }

    private struct Bucket
    {
        public ulong Key;
        public double Tokens;
        public uint Second;
        public uint ClosedIn;

        public void Refill(long second, in ConnectRate rate)
        {
            if (second > Second)
            {
                Tokens = Math.Min(rate.Capacity, Tokens + (second - Second) * rate.RefillPerSecond);
                Second = (uint)second;
            }
            else if (second < Second - 1L)
            {
                // The wall clock was set back, which must not lock the peer out until it has caught up. One second less is only another
                // thread that looked at the clock a moment earlier.
                Tokens = Math.Min(rate.Capacity, Tokens + rate.RefillPerSecond);
                Second = (uint)second;
            }
        }
    }
}
