using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Locks;
using Firezone.Membership.Postgres.Probing;
using Firezone.Membership.Postgres.Table;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// Carries out what the detector wants. Each action is a task of its own that reports its end to the loop, whatever happens to it.
/// <see cref="Start"/> is called from the loop only.
/// </summary>
internal sealed partial class DetectorTasks(
    DetectorLoop loop,
    MembershipDatabase database,
    PostgresMembershipTable table,
    SiloProber prober,
    IClusterMembershipService membership,
    SiloAddress self,
    MembershipMetrics metrics,
    MembershipJournal journal,
    TimeProvider time,
    ILoggerFactory loggers,
    CancellationToken stopping)
{
    // Orleans' own refresh has no limit.
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromSeconds(10);

    private readonly DetectorLog _log = new(loggers.CreateLogger<FailureDetector>());
    private readonly ILogger<DetectorTasks> _logger = loggers.CreateLogger<DetectorTasks>();
    private readonly ILogger<LockWatch> _watchLogger = loggers.CreateLogger<LockWatch>();
    private readonly Dictionary<SiloId, CancellationTokenSource> _watches = [];

    /// <summary>Whether this silo hears the signals, its own included.</summary>
    internal bool IsSighted { get; private set; }

    internal void Start(DetectorAction action)
    {
        switch (action)
        {
            case DetectorAction.Refresh refresh:
                _ = Task.Run(() => RefreshAsync(refresh), stopping);
                break;
            case DetectorAction.Watch watch:
                var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                _watches[watch.Silo] = ending;
                _ = Task.Run(() => WatchAsync(watch.Silo, ending), CancellationToken.None);
                break;
            case DetectorAction.Unwatch unwatch:
                if (_watches.Remove(unwatch.Silo, out var unwanted))
                    _ = unwanted.CancelAsync(); // Not Cancel: Npgsql's part of it connects to the server, on the caller's thread.
                break;
            case DetectorAction.Probe probe:
                _ = Task.Run(() => ProbeAsync(probe), stopping);
                break;
            case DetectorAction.DeclareDead declare:
                _ = Task.Run(() => DeclareDeadAsync(declare), stopping);
                break;
            case DetectorAction.Note note:
                IsSighted = note is DetectorAction.Note.Sighted || (IsSighted && note is not DetectorAction.Note.WentBlind);
                _log.Write(note);
                journal.Add(note, self);
                break;
        }
    }

    /// <summary>The cluster as Orleans sees it on this silo.</summary>
    internal static MemberView ViewOf(ClusterMembershipSnapshot snapshot) => new(
        (int)Math.Clamp(snapshot.Version.Value, 0, int.MaxValue),
        snapshot.Members.Values.ToDictionary(member => SiloId.Of(member.SiloAddress), member => StatusOf(member.Status)));

    private static MemberStatus StatusOf(SiloStatus status) => status switch
    {
        SiloStatus.Joining => MemberStatus.Joining,
        SiloStatus.Active => MemberStatus.Active,
        SiloStatus.ShuttingDown => MemberStatus.ShuttingDown,
        SiloStatus.Stopping => MemberStatus.Stopping,
        SiloStatus.Dead => MemberStatus.Dead,
        _ => MemberStatus.Created,
    };

    private async Task RefreshAsync(DetectorAction.Refresh refresh)
    {
        var done = false;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            limit.CancelAfter(RefreshLimit);
            // Without a target: with one, zero included, Orleans reads again every 10 ms until it is reached, and a signal can name any version. A second
            // time, because the first may have joined a read that began before the change.
            await membership.Refresh(MembershipVersion.MinValue, limit.Token);
            if (refresh.Version == 0 || membership.CurrentSnapshot.Version.Value < refresh.Version)
                await membership.Refresh(MembershipVersion.MinValue, limit.Token);
            done = true;
        }
        catch (Exception e)
        {
            if (!stopping.IsCancellationRequested)
                RefreshFailed(_logger, e);
        }

        metrics.RefreshDone(refresh.Version == 0 ? "session" : "signal");
        var view = ViewOf(membership.CurrentSnapshot);
        loop.Post((detector, now) =>
        {
            detector.ViewChanged(now, view);
            detector.RefreshCompleted(now, done);
        });
    }

    private async Task WatchAsync(SiloId silo, CancellationTokenSource ending)
    {
        var end = LockWatchEnd.Broken;
        try
        {
            end = await new LockWatch(database, silo, time, _watchLogger).RunAsync(ending.Token);
        }
        catch (Exception e)
        {
            if (!ending.IsCancellationRequested)
                WatchFailed(_logger, e, silo);
        }

        loop.Post((detector, now) =>
        {
            // Compared because a new watch of the same silo may have begun while this one ended.
            if (_watches.GetValueOrDefault(silo) == ending)
            {
                _watches.Remove(silo);
                if (end == LockWatchEnd.Released)
                    detector.LockReleased(now, silo);
                else
                    detector.WatchBroken(now, silo);
            }

            if (!ending.IsCancellationRequested)
                ending.Dispose();
        });
    }

    private async Task ProbeAsync(DetectorAction.Probe probe)
    {
        var (direct, second) = (ProbeOutcome.Unknown, (ProbeOutcome?)null);
        try
        {
            var asking = probe.SecondOpinionFrom is { } witness
                ? prober.AskAsync(witness, probe.Silo, stopping)
                : Task.FromResult<ProbeOutcome?>(null);
            direct = await prober.ProbeAsync(probe.Silo, stopping);
            var settled = direct == ProbeOutcome.Answered || (direct == ProbeOutcome.Refused && probe.Cause == SuspicionCause.SessionLost);
            if (settled)
                _ = asking.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            else
                second = await asking;
        }
        catch (Exception e)
        {
            if (!stopping.IsCancellationRequested)
                ProbeFailed(_logger, e, probe.Silo);
        }

        loop.Post((detector, now) => detector.ProbeCompleted(now, probe.Suspicion, direct, second));
    }

    private async Task DeclareDeadAsync(DetectorAction.DeclareDead declare)
    {
        var done = false;
        try
        {
            (done, var written) = await table.DeclareDeadAsync(declare.Silo, self, stopping);
            if (written)
            {
                metrics.Detected(declare.Cause.ToString(), declare.SinceEvidence);
                _log.Dead(declare);
            }
        }
        catch (Exception e)
        {
            if (!stopping.IsCancellationRequested)
                DeclareFailed(_logger, e, declare.Silo);
        }

        loop.Post((detector, now) => detector.DeclareDeadCompleted(now, declare.Suspicion, done));
    }

    [LoggerMessage(EventId = 7201, Level = LogLevel.Warning, Message = "The membership table cannot be read; it is tried again")]
    private static partial void RefreshFailed(ILogger logger, Exception e);

    [LoggerMessage(EventId = 7202, Level = LogLevel.Warning, Message = "Watching the session of silo {Silo} failed")]
    private static partial void WatchFailed(ILogger logger, Exception e, SiloId silo);

    [LoggerMessage(EventId = 7203, Level = LogLevel.Warning, Message = "Probing silo {Silo} failed")]
    private static partial void ProbeFailed(ILogger logger, Exception e, SiloId silo);

    [LoggerMessage(EventId = 7204, Level = LogLevel.Warning, Message = "Silo {Silo} could not be declared dead; it is tried again")]
    private static partial void DeclareFailed(ILogger logger, Exception e, SiloId silo);
}
