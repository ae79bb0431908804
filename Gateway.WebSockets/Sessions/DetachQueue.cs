using Firezone.Gateway.WebSockets.Channels;
using Firezone.Gateway.WebSockets.Cluster;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// Tells grains of ended sessions without holding up the socket's end. A grain that cannot be told in time learns it from this
/// front-end's lease or from the device's next session.
/// </summary>
internal sealed class DetachQueue(GrainCalls calls)
{
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Total = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private int _pending;
    private TaskCompletionSource? _idle;

    internal void Add(Channel channel)
    {
        lock (_gate)
            _pending++;
        _ = DetachAsync(channel);
    }

    /// <summary>Completes when no detach is under way.</summary>
    internal Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_pending == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private async Task DetachAsync(Channel channel)
    {
        try
        {
            await calls.RetryAsync(channel.DetachAsync, Attempt, Total, GrainFaults.Any);
        }
        catch (Exception)
        {
            // Reported by the caller of the grain; nothing more can be done.
        }

        lock (_gate)
        {
            if (--_pending == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }
        }
    }
}
