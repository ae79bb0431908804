namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>How much of its <see cref="MessageRate"/> one socket has used: a token bucket in one number. Not thread-safe.</summary>
internal struct MessageBudget
{
    // When the bucket will be full again; in the past if it is.
    private long _fullAt;
    private bool _isExceeded;

    /// <summary>Takes a frame's share, or nothing if there is not so much. The first time since the bucket was full is counted.</summary>
    internal bool TryTake(MessageRate rate, long now)
    {
        if (_fullAt <= now)
        {
            _fullAt = now;
            _isExceeded = false;
        }

        if (_fullAt - now + rate.Share <= rate.Capacity)
        {
            _fullAt += rate.Share;
            return true;
        }

        if (!_isExceeded)
            rate.Exceeded();
        _isExceeded = true;
        return false;
    }

    /// <summary>Takes the share of some frames, there or not.</summary>
    internal void Charge(MessageRate rate, int frames) => _fullAt += rate.Share * frames;
}
