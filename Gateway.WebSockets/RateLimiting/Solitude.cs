using Firezone.Grains.Abstractions.RateLimiting;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// Whether this is the cluster's only front-end, so that nobody else gives out what its buckets hold. It is so only for a while after the
/// directory has said so, and not before what others may have given out is refilled.
/// </summary>
/// <param name="rate">How long a bucket takes to be full.</param>
/// <param name="time">For the age of what was said.</param>
internal sealed class Solitude(ConnectRate rate, TimeProvider time)
{
    private readonly TimeSpan _refill = TimeSpan.FromSeconds(Math.Min(Math.Ceiling(rate.Capacity / rate.RefillPerSecond) + 1, 1e9));
    private readonly Lock _gate = new();
    private long _endedAt;
    private long? _since;
    private long _until;

    /// <summary>Whether nobody needs to be asked.</summary>
    internal bool IsAlone => Volatile.Read(ref _until) is var until && until != 0 && time.GetTimestamp() < until;

    /// <summary>Takes what the directory says.</summary>
    /// <param name="alone">Whether it knows no other front-end, and will say so before it lets another one in.</param>
    /// <param name="askedAt">When it was asked. What has come from it since then is newer.</param>
    /// <param name="validity">For how long this holds unless it is said again.</param>
    /// <returns>False if solitude has ended by this.</returns>
    internal bool Told(bool alone, long askedAt, TimeSpan validity)
    {
        lock (_gate)
        {
            if (!alone)
                return !End();
            if (_endedAt != 0 && askedAt <= _endedAt)
                return true;

            _since ??= askedAt;
            if (time.GetElapsedTime(_since.Value, askedAt) >= _refill)
                Volatile.Write(ref _until, askedAt + (long)(validity.TotalSeconds * time.TimestampFrequency));
            return true;
        }
    }

    /// <summary>Another front-end is about to be let in.</summary>
    internal void Share()
    {
        lock (_gate)
        {
            _endedAt = time.GetTimestamp();
            End();
        }
    }

    private bool End()
    {
        var was = _until != 0;
        _since = null;
        Volatile.Write(ref _until, 0);
        return was;
    }
}
