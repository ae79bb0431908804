using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.Operations;

/// <summary>
/// Takes this silo out of service without stopping it, as an operator wants it: new activations of sessions and sites go to other silos, and the
/// sessions that are here move there a few at a time, each attached again by its front-end. Sites and directories move when the silo stops.
/// Thread-safe; returns at once.
/// </summary>
public sealed partial class SiloDrain(
    DrainedSilos drained,
    LocalSessions sessions,
    Successors successors,
    IClusterMembershipService membership,
    ILocalSiloDetails local,
    TimeProvider time,
    ILogger<SiloDrain> logger)
{
    private const double UsualPace = 500;

    /// <summary>So long a session may have something to finish.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private Run? _run;

    /// <summary>Begins, or goes on at another pace. Without effect when the silo stops.</summary>
    internal DrainState Begin(DrainOrder order)
    {
        lock (_gate)
        {
            if (Status is not SiloStatus.Active)
                return Describe();
            var count = sessions.Count;
            var pace = order.PerSecond
                ?? (order.Over is { } over ? Math.Max(1, count) / Math.Max(over.TotalSeconds, Step.TotalSeconds) : UsualPace);
            var now = time.GetUtcNow();
            _run?.Cancel.Cancel();
            // Whoever only changes the pace does not begin anew.
            _run = new Run(_run?.AtStart ?? count, _run?.Since ?? now, now + TimeSpan.FromSeconds(Math.Min(count / pace, 3600)), order.By);
            drained.Self = true;
            Begins(count, pace, order.By);
            _ = MoveAsync(pace * Step.TotalSeconds, _run.Cancel.Token);
            return Describe();
        }
    }

    /// <summary>Back into service. Without effect when the silo stops or is in service.</summary>
    internal DrainState Resume(string by)
    {
        lock (_gate)
        {
            if (_run is not null && Status is SiloStatus.Active)
            {
                _run.Cancel.Cancel();
                _run = null;
                drained.Self = false;
                Ends(by);
            }

            return Describe();
        }
    }

    /// <summary>How far it is.</summary>
    internal DrainState Describe()
    {
        lock (_gate)
        {
            var left = sessions.Count;
            var phase = Status switch
            {
                SiloStatus.Active when _run is null => DrainPhase.Serving,
                SiloStatus.Active => left == 0 ? DrainPhase.Drained : DrainPhase.Draining,
                SiloStatus.ShuttingDown or SiloStatus.Stopping or SiloStatus.Dead => DrainPhase.Stopping,
                _ => DrainPhase.Starting,
            };
            return _run is { } run ? new DrainState(phase, left, run.AtStart, run.Since, run.Until, run.By) : new DrainState(phase, left);
        }
    }

    private SiloStatus Status => membership.CurrentSnapshot.GetSiloStatus(local.SiloAddress);

    /// <summary>Goes on after the last one: what was placed here before the others knew comes later.</summary>
    private async Task MoveAsync(double perStep, CancellationToken cancelled)
    {
        // The caller holds the lock.
        await Task.Yield();
        var (due, wasEmpty) = (0.0, false);
        var moving = new MovingSessions(sessions, time, Patience);
        using var timer = new PeriodicTimer(Step, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancelled))
            {
                due = Math.Min(due + perStep, Math.Max(1, perStep));
                if (!successors.Any)
                    continue;
                moving.TellAgain();
                due -= moving.TellOthers((int)due);
                var isEmpty = sessions.Count == 0;
                if (isEmpty && !wasEmpty)
                    Done();
                wasEmpty = isEmpty;
            }
        }
        catch (OperationCanceledException)
        {
            // Resumed, or told another pace.
        }
    }

    [LoggerMessage(EventId = 3531, Level = LogLevel.Information,
        Message = "This silo goes out of service, as {By} wants it: {Sessions} sessions move, {Pace:0.#} per second")]
    private partial void Begins(int sessions, double pace, string by);

    [LoggerMessage(EventId = 3532, Level = LogLevel.Information, Message = "This silo has no session left; it waits for the stop, or to be taken back into service")]
    private partial void Done();

    [LoggerMessage(EventId = 3533, Level = LogLevel.Information, Message = "This silo is back in service, as {By} wants it")]
    private partial void Ends(string by);

    private sealed record Run(int AtStart, DateTimeOffset Since, DateTimeOffset Until, string By)
    {
        public CancellationTokenSource Cancel { get; } = new();
    }
}
