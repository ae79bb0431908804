namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// Bounds how many of one session's messages the cluster works on at a time. One reader enters and waits; calls leave on any thread.
/// </summary>
internal sealed class OutstandingCalls(int limit)
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _room;

    /// <summary>How many the cluster works on.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    internal void Enter()
    {
        lock (_gate)
            _count++;
    }

    internal void Leave()
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (--_count < limit)
                (waiting, _room) = (_room, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Completes when one more may enter; at once in the normal case.</summary>
    internal ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (_count < limit)
                return ValueTask.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }
}
