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
    // To which timers cut: shorter waits would only turn in a circle.
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
            var wait = detector.NextDeadline is { } deadline ? deadline - Now : Timeout.InfiniteTimeSpan;
            if (wait != Timeout.InfiniteTimeSpan && wait < ShortestWait)
                wait = ShortestWait;
            await ((Task)more).WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    [LoggerMessage(EventId = 7205, Level = LogLevel.Error, Message = "A step of the failure detection failed; the next one is taken")]
    private partial void StepFailed(Exception e);
}
