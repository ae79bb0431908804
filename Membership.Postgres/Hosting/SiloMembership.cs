using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Locks;
using Firezone.Membership.Postgres.Placement;
using Firezone.Membership.Postgres.Probing;
using Firezone.Membership.Postgres.Signals;
using Firezone.Membership.Postgres.Table;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// The silo's side of the provider: holds the LISTEN session, sends heartbeats, runs the detector. Follows the silo's life: it listens after
/// the table is initialised and before the silo says that it joins, stops judging and beating first when the silo stops, and gives its
/// session, and thereby its lock, up only after the dead row is written.
/// </summary>
internal sealed partial class SiloMembership : ILifecycleParticipant<ISiloLifecycle>, ISignalHandler, IAsyncDisposable
{
    private static readonly TimeSpan StalePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RollCallLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly ILocalSiloDetails _local;
    private readonly IClusterMembershipService _membership;
    private readonly PostgresMembershipOptions _options;
    private readonly HeartbeatAges _ages;
    private readonly Leavers _leavers;
    private readonly DrainedSilos _drained;
    private readonly SiloCountAlarm _alarm;
    private readonly SignalSession _session;
    private readonly HeartbeatLoop _heartbeats;
    private readonly DetectorLoop _loop;
    private readonly DetectorTasks _tasks;
    private readonly StaleRows _stale;
    private readonly SignalSender _sender;
    private readonly MembershipJournal _journal;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ILogger<SiloMembership> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    public SiloMembership(
        ILocalSiloDetails local,
        IClusterMembershipService membership,
        MembershipDatabase database,
        PostgresMembershipTable table,
        SignalSender sender,
        SiloProber prober,
        Leavers leavers,
        DrainedSilos drained,
        MembershipMetrics metrics,
        MembershipJournal journal,
        IOptions<PostgresMembershipOptions> options,
        IOptions<ClusterMembershipOptions> orleans,
        ILoggerFactory loggers)
    {
        var self = SiloId.Of(local.SiloAddress);
        (_local, _membership, _leavers, _drained, _sender, _journal) = (local, membership, leavers, drained, sender, journal);
        _options = options.Value;
        _ages = new HeartbeatAges(_time);
        metrics.Observe(
            () => membership.CurrentSnapshot.Members.Values.CountBy(member => member.Status),
            () => _ages.Of(DetectorTasks.ViewOf(membership.CurrentSnapshot)));
        journal.Observe(() => _ages.Of(DetectorTasks.ViewOf(membership.CurrentSnapshot)));
        _logger = loggers.CreateLogger<SiloMembership>();
        _alarm = new SiloCountAlarm(options, _time, loggers.CreateLogger<SiloCountAlarm>());
        _session = new SignalSession(
            database, SessionLockKey.For(database.ClusterId, self), this, _time, metrics, loggers.CreateLogger<SignalSession>());
        _heartbeats = new HeartbeatLoop(sender, self, drained, options, _time);
        _loop = new DetectorLoop(new FailureDetector(self, DetectorSettings.From(options.Value)), _time, loggers.CreateLogger<DetectorLoop>());
        _tasks = new DetectorTasks(
            _loop, database, table, prober, membership, local.SiloAddress, metrics, journal, _time, loggers, _stopping.Token);
        _stale = new StaleRows(table, local.SiloAddress, options, orleans, _time, loggers.CreateLogger<StaleRows>());
    }

    /// <summary>Whether signals arrive at present, this silo's own included.</summary>
    internal bool Listens => _session.IsUp && _tasks.IsSighted;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloMembership), ServiceLifecycleStage.RuntimeGrainServices + 1, StartAsync, _ => Task.CompletedTask);
        lifecycle.Subscribe(nameof(SiloMembership), ServiceLifecycleStage.Active, _ => Task.CompletedTask, StopJudgingAsync);
        // Above the stage at which Orleans begins to reject the calls that it has been passing on.
        lifecycle.Subscribe(nameof(SiloMembership), ServiceLifecycleStage.RuntimeServices + 1, _ => Task.CompletedTask, LingerAsync);
        lifecycle.Subscribe(nameof(SiloMembership), ServiceLifecycleStage.RuntimeInitialize - 1, _ => Task.CompletedTask, CloseAsync);
    }

    /// <summary>Ends what runs when the silo has failed to start: Orleans then stops no stage.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(CancellationToken.None);

    public void OnUp(bool holdsLock)
    {
        _heartbeats.SessionIsUp(holdsLock);
        _loop.Post((detector, now) => detector.ListenUp(now));
        _ = _sender.TrySendAsync(new Signal.RollCall(), RollCallLimit, _stopping.Token);
    }

    public void OnDown()
    {
        _heartbeats.SessionIsDown();
        _loop.Post((detector, now) => detector.ListenDown(now));
    }

    public void OnSignal(Signal signal)
    {
        switch (signal)
        {
            case Signal.TableChanged changed:
                _loop.Post((detector, now) => detector.VersionAnnounced(now, changed.Version));
                break;
            case Signal.Heartbeat heartbeat:
                _ages.Heard(heartbeat.Silo);
                _loop.Post((detector, now) => detector.Heard(now, heartbeat.Silo, heartbeat.HoldsLock));
                break;
            case Signal.Goodbye goodbye:
                if (_membership.CurrentSnapshot.GetSiloStatus(goodbye.Silo.ToAddress()) == SiloStatus.Active)
                    _leavers.Add(goodbye.Silo.ToAddress());
                _loop.Post((detector, now) => detector.SaidGoodbye(now, goodbye.Silo));
                break;
            case Signal.Drains drains:
                _drained.Note(drains.Silo.ToAddress(), drains.On);
                break;
            case Signal.RollCall:
                _heartbeats.Answer();
                break;
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _session.StartAsync(cancellationToken);
        _running.Add(Task.Run(() => _loop.RunAsync(_tasks.Start, _stopping.Token), CancellationToken.None));
        _running.Add(Task.Run(FollowViewsAsync, CancellationToken.None));
        _heartbeats.Start();
        var doubtful = true;
        try
        {
            doubtful = await _stale.RetireAsync(cancellationToken);
            await _membership.Refresh(MembershipVersion.MinValue, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            CannotSurvey(e);
        }

        if (doubtful)
            _running.Add(Task.Run(RetireMoreAsync, CancellationToken.None));
    }

    private async Task StopJudgingAsync(CancellationToken cancellationToken)
    {
        await _heartbeats.DisposeAsync();
        // Not awaited: cancelling the watches makes Npgsql connect to the server to say so, which an unreachable one can draw out.
        _ = _stopping.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(StopLimit, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _alarm.Dispose();
    }

    private async Task LingerAsync(CancellationToken cancellationToken)
    {
        if (_membership.CurrentSnapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(_local.SiloAddress)))
            await Task.Delay(_options.LingerTime, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        // Not started to the end: what the stage above would have stopped is still running.
        if (!_stopping.IsCancellationRequested)
            await StopJudgingAsync(cancellationToken);
        await _session.DisposeAsync();
    }

    private async Task FollowViewsAsync()
    {
        try
        {
            await foreach (var snapshot in _membership.MembershipUpdates.WithCancellation(_stopping.Token))
            {
                var view = DetectorTasks.ViewOf(snapshot);
                _loop.Post((detector, now) => detector.ViewChanged(now, view));
                var living = snapshot.Members.Values.Where(member => member.Status != SiloStatus.Dead).Select(member => member.SiloAddress).ToHashSet();
                _leavers.KeepOnly(living);
                _drained.KeepOnly(living);
                _ages.Follow(view);
                _journal.Follow(snapshot, _local.SiloAddress);
                if (snapshot.GetSiloStatus(_local.SiloAddress) == SiloStatus.Active)
                    _alarm.Count(view.Members.Values.Count(status => status == MemberStatus.Active));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    /// <summary>While others are doubtful, Orleans keeps this silo from becoming active: look again until it has.</summary>
    private async Task RetireMoreAsync()
    {
        var (doubtful, failed) = (true, false);
        while (doubtful && _membership.CurrentSnapshot.GetSiloStatus(_local.SiloAddress) is SiloStatus.None or SiloStatus.Created or SiloStatus.Joining)
        {
            try
            {
                await Task.Delay(StalePause, _time, _stopping.Token);
                doubtful = await _stale.RetireAsync(_stopping.Token);
            }
            catch (Exception e)
            {
                if (_stopping.IsCancellationRequested)
                    return;
                // The first one was told.
                if (!failed)
                    CannotSurvey(e);
                failed = true;
            }
        }
    }

    [LoggerMessage(EventId = 7231, Level = LogLevel.Warning, Message = "The table could not be searched for rows of an earlier run")]
    private partial void CannotSurvey(Exception e);
}
