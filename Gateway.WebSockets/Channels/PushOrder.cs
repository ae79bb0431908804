namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// Puts the numbered pushes of one session into their order. Holds nothing while they arrive in order, which is nearly always. Not
/// thread-safe.
/// </summary>
internal sealed class PushOrder
{
    private SortedList<long, Pending>? _early;
    private long _next;

    /// <summary>How many wait for one before them.</summary>
    internal int EarlyCount => _early?.Count ?? 0;

    /// <summary>The next push has this number; 0: pushes are not numbered.</summary>
    internal void Begin(long first) => _next = first;

    /// <summary>Decides, and moves on to the next number for <see cref="PushTurn.Now"/>.</summary>
    internal PushTurn Judge(long sequence)
    {
        if (sequence == 0 || _next == 0)
            return PushTurn.Now;
        if (sequence < _next)
            return PushTurn.Stale;
        if (sequence > _next)
            return PushTurn.Early;
        _next++;
        return PushTurn.Now;
    }

    /// <summary>Keeps an early push. One that has come twice is kept once.</summary>
    internal void Keep(in Pending pending)
    {
        if (!(_early ??= []).TryAdd(pending.Sequence, pending))
            pending.Frame.Release();
    }

    /// <summary>Takes the push whose turn has come, if it is there.</summary>
    internal bool TryTakeNext(out Pending pending)
    {
        pending = default;
        if (_early is not { Count: > 0 } early || early.GetKeyAtIndex(0) != _next)
            return false;
        pending = early.GetValueAtIndex(0);
        early.RemoveAt(0);
        if (early.Count == 0)
            _early = null;
        _next++;
        return true;
    }

    /// <summary>Takes all that is kept, in order.</summary>
    internal List<Pending> TakeEarly()
    {
        List<Pending> early = [.. _early?.Values ?? []];
        _early = null;
        return early;
    }

    /// <summary>Whether a push before this number has not come. False for numbers of an earlier attach.</summary>
    internal bool IsBehind(long next) => _next != 0 && next > _next;
}
