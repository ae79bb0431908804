using System.Collections.Concurrent;
using Firezone.Admin.Hosting;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.RateLimiting;

/// <summary>Token buckets by account. Safe for any thread.</summary>
public sealed class RequestBuckets(IOptions<AdminOptions> options, TimeProvider time)
{
    private const int SweepAbove = 10_000;

    private readonly RateLimitOptions _options = options.Value.RateLimit;
    private readonly ConcurrentDictionary<Guid, Bucket> _buckets = new();

    /// <summary>Takes what one request costs.</summary>
    /// <param name="owner">An account, or an operator's token.</param>
    /// <param name="wait">How long until a request would be let through, if false is returned.</param>
    public bool TryTake(Guid owner, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (_options.Cost == 0)
            return true;
        var now = time.GetTimestamp();
        if (_buckets.Count > SweepAbove)
            Sweep(now);
        var bucket = _buckets.GetOrAdd(owner, static (_, s) => new Bucket(s.Capacity, s.Now), (_options.Capacity, Now: now));
        lock (bucket)
        {
            Refill(bucket, now);
            var missing = _options.Cost - bucket.Level;
            if (missing > 0)
            {
                wait = TimeSpan.FromSeconds(missing / _options.RefillPerSecond);
                return false;
            }

            bucket.Level -= _options.Cost;
            return true;
        }
    }

    private void Refill(Bucket bucket, long now)
    {
        bucket.Level = Math.Min(_options.Capacity, bucket.Level + (time.GetElapsedTime(bucket.At, now).TotalSeconds * _options.RefillPerSecond));
        bucket.At = now;
    }

    // A full bucket says nothing that a new one would not.
    private void Sweep(long now)
    {
        foreach (var (owner, bucket) in _buckets)
        {
            lock (bucket)
            {
                Refill(bucket, now);
                if (bucket.Level >= _options.Capacity)
                    _buckets.TryRemove(owner, out _);
            }
        }
    }

    private sealed class Bucket(double level, long at)
    {
        public double Level { get; set; } = level;

        public long At { get; set; } = at;
    }
}
