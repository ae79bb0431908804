namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// Bounds how many of one session's messages the cluster works on at a time. One reader enters and waits; calls leave on any thread.
/// </summary>
internal sealed class OutstandingCalls(int limit)
{
    private readonly Lock gate = new();
    private int count;
    private TaskCompletionSource? room;

    internal void Enter()
    {
        lock (gate)
            count++;
    }

    internal void Leave()
    {
        TaskCompletionSource? waiting = null;
        lock (gate)
        {
            if (--count < limit)
                (waiting, room) = (room, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Completes when one more may enter; at once in the normal case.</summary>
    internal ValueTask WaitForRoomAsync()
    {
        lock (gate)
        {
            if (count < limit)
                return ValueTask.CompletedTask;
            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(room.Task);
        }
    }
}
