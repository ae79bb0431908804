using System.Threading.Channels;
using Firezone.Membership.Postgres.Detection;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// Gives the detector what happens, from any thread and one thing at a time, and hands on what it wants done. The actions run beside the
/// loop and report back through <see cref="Post"/>, so nothing that is slow delays a judgement.
/// </summary>
internal sealed partial class DetectorLoop(FailureDetector detector, TimeProvider time, ILogger<DetectorLoop> logger)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Channel<Action<FailureDetector, TimeSpan>> _inputs =
        Channel.CreateUnbounded<Action<FailureDetector, TimeSpan>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly long _origin = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Adds an input; it is given the time at which it is taken.</summary>
    internal void Post(Action<FailureDetector, TimeSpan> input) => _inputs.Writer.TryWrite(input);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="carryOut">Starts an action; must not block.</param>
    internal async Task RunAsync(Action<DetectorAction> carryOut, CancellationToken cancellationToken)
    {
        var more = _inputs.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (!cancellationToken.IsCancellationRequested)
        {
            // A fault in one input or action must not end the judging for the rest of the process.
            while (_inputs.Reader.TryRead(out var input))
                Guard(() => input(detector, Now));
            Guard(() => detector.Advance(Now));
            while (detector.TryTake(out var action))
                Guard(() => carryOut(action));

            if (more.IsCompleted)
                more = _inputs.Reader.WaitToReadAsync(cancellationToken).AsTask();
            if (detector.NextDeadline is not { } deadline)
                await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await WaitAsync(more, deadline - Now, cancellationToken);
        }
    }

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e)
        {
            StepFailed(e);
        }
    }

    /// <summary>At least a millisecond, to which timers cut: shorter waits would only turn in a circle.</summary>
    private async Task WaitAsync(Task more, TimeSpan wait, CancellationToken cancellationToken)
    {
        wait = wait < ShortestWait ? ShortestWait : wait;
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(more, Task.Delay(wait, time, awake.Token));
        // The timer of a wait that ended early is not left behind.
        await awake.CancelAsync();
    }

    [LoggerMessage(EventId = 7205, Level = LogLevel.Error, Message = "A step of the failure detection failed; the next one is taken")]
    private partial void StepFailed(Exception e);
}
