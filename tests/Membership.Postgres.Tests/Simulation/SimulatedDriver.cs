using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>Does for one detector what the provider does: sessions, heartbeats, probes and writes.</summary>
internal sealed class SimulatedDriver
{
    private readonly World _world;
    private readonly SimulatedSilo _silo;
    private readonly ActionAudit _audit;
    private readonly Dictionary<SiloId, SimulatedSession> _watches = [];
    private SimulatedSession? _listen;
    private SimulatedSession? _upOn;
    private bool _holdsLock;
    private bool _heartbeats = true;
    private long _wakeUp;
    private TimeSpan _nextStall;

    public SimulatedDriver(World world, SimulatedSilo silo)
    {
        _world = world;
        _silo = silo;
        Settings = new DetectorSettings { Jitter = world.Random.NextDouble, GoodbyeGrace = TimeSpan.FromSeconds(40) };
        Detector = new FailureDetector(silo.Id, Settings);
        _audit = new ActionAudit(world, silo, Settings);
    }

    public DetectorSettings Settings { get; }

    public FailureDetector Detector { get; }

    public ActionAudit Audit => _audit;

    public TimeSpan LastBeat { get; private set; }

    /// <summary>When the present LISTEN session came up.</summary>
    public TimeSpan UpSince { get; private set; }

    private TimeSpan Now => _silo.LocalNow;

    public void Start()
    {
        Listen();
        Beat();
    }

    public void StopHeartbeats() => _heartbeats = false;

    public void Send(Signal signal) => _world.After(_world.Milliseconds(0, 2), () =>
    {
        if (_silo.Runs && _world.Database.Takes(_silo))
            _world.Database.Notify(signal);
    });

    /// <summary>The loop: due work, then the actions, then a wake-up call for the next deadline.</summary>
    public void Pump()
    {
        if (!_silo.Runs)
            return;
        Detector.Advance(Now);
        while (Detector.TryTake(out var action))
        {
            _world.Log?.Write($"  {_silo.Id}: {action}");
            _audit.Take(action);
            CarryOut(action);
        }

        if (Detector.NextDeadline is not { } deadline)
            return;
        if (deadline <= Now)
            throw new SimulationFailure($"{_silo.Id}: the next deadline is not in the future after Advance");
        var call = ++_wakeUp;
        _world.After(_silo.Until(deadline), () =>
        {
            if (call == _wakeUp)
                _silo.Run(() => { });
        });
    }

    private void CarryOut(DetectorAction action)
    {
        switch (action)
        {
            case DetectorAction.Refresh refresh:
                Refresh(refresh.Version);
                break;
            case DetectorAction.Watch watch:
                Watch(watch.Silo);
                break;
            case DetectorAction.Unwatch unwatch:
                EndWatch(unwatch.Silo);
                break;
            case DetectorAction.Probe probe:
                Probe(probe);
                break;
            case DetectorAction.DeclareDead dead:
                DeclareDead(dead);
                break;
        }
    }

    private void Listen()
    {
        if (_listen is { AtClient: true })
            return;
        if (!_world.Database.Takes(_silo) || !_world.Database.Answers(_silo))
        {
            _world.After(_world.Milliseconds(100, 5_000), () => _silo.Run(Listen));
            return;
        }

        _listen = _world.Database.Open(_silo, ListenLost);
        _listen.Listens = true;
        _listen.OnSignal = OnSignal;
        var session = _listen;
        _world.After(_world.Milliseconds(5, 20), () => _silo.Run(() => Up(session)));
    }

    private void Up(SimulatedSession session)
    {
        if (session != _listen || !session.AtClient || !session.AtServer)
            return;
        _holdsLock = _world.Database.TryLock(session, _silo.Id);
        if (_upOn != session)
            UpSince = _world.Now;
        _upOn = session;
        Detector.ListenUp(Now);
        SendHeartbeat();
        if (!_holdsLock)
            _world.After(TimeSpan.FromSeconds(1), () => _silo.Run(() => Up(session)));
    }

    private void ListenLost(SimulatedSession session)
    {
        if (session != _listen)
            return;
        _world.Log?.Write($"  {_silo.Id}: LISTEN lost");
        _holdsLock = false;
        Detector.ListenDown(Now);
        _world.After(_world.Milliseconds(50, 300), () => _silo.Run(Listen));
    }

    private void OnSignal(Signal signal)
    {
        switch (signal)
        {
            case Signal.Heartbeat beat:
                _audit.Hears(beat.Silo);
                Detector.Heard(Now, beat.Silo, beat.HoldsLock);
                break;
            case Signal.Goodbye goodbye:
                Detector.SaidGoodbye(Now, goodbye.Silo);
                break;
            case Signal.TableChanged changed:
                Detector.VersionAnnounced(Now, changed.Version);
                break;
        }
    }

    private void Beat() => _world.After(_silo.Until(Now + Settings.HeartbeatInterval) + _world.Milliseconds(0, 20), () =>
    {
        _silo.Run(SendHeartbeat);
        if (_silo.IsProcess)
            Beat();
    });

    private void SendHeartbeat()
    {
        if (!_heartbeats)
            return;
        LastBeat = _world.Now;
        Send(new Signal.Heartbeat(_silo.Id, _holdsLock, ""));
    }

    private void Refresh(int version) => _world.Database.Execute(_silo, _ => null, view =>
    {
        if (view is not null)
            _silo.See(view);
        if (view is null || view.Version >= version)
            RefreshEnded(view is not null);
        else
            _world.After(TimeSpan.FromSeconds(2), () => _silo.Run(() => RefreshEnded(false)));
    });

    private void RefreshEnded(bool ok)
    {
        _audit.RefreshEnded();
        Detector.RefreshCompleted(Now, ok);
    }

    private void Watch(SiloId silo)
    {
        if (!_world.Database.Takes(_silo) || !_world.Database.Answers(_silo))
        {
            _world.After(_world.Milliseconds(50, 5_000), () => _silo.Run(() =>
            {
                if (!_watches.ContainsKey(silo) && _audit.Watches(silo))
                    WatchEnded(silo, released: false);
            }));
            return;
        }

        var session = _watches[silo] = _world.Database.Open(_silo, lost => WatchOver(silo, lost, released: false));
        _world.After(_world.Milliseconds(5, 15), () =>
        {
            if (!session.AtServer || !session.AtClient)
                return;
            _world.Database.WaitForLock(session, silo, () => _world.After(_world.Milliseconds(1, 3), () =>
            {
                if (_world.Database.Answers(_silo))
                    _silo.Run(() => WatchOver(silo, session, released: true));
                else
                    session.Held.Add(() => _silo.Run(() => WatchOver(silo, session, released: true)));
            }));
        });
    }

    private void WatchOver(SiloId silo, SimulatedSession session, bool released)
    {
        if (_watches.GetValueOrDefault(silo) != session)
            return;
        EndWatch(silo);
        WatchEnded(silo, released);
    }

    private void WatchEnded(SiloId silo, bool released)
    {
        _world.Log?.Write($"  {_silo.Id}: lock of {silo} {(released ? "released" : "no longer watched")}");
        _audit.WatchEnded(silo);
        if (released)
            Detector.LockReleased(Now, silo);
        else
            Detector.WatchBroken(Now, silo);
    }

    private void EndWatch(SiloId silo)
    {
        if (!_watches.Remove(silo, out var session))
            return;
        session.AtClient = false;
        _world.After(_world.Milliseconds(0, 2), () => _world.Database.End(session));
    }

    private void Probe(DetectorAction.Probe probe)
    {
        var began = Now;
        MayStall();
        _world.After(_world.Milliseconds(1, 10), () => _silo.Run(() =>
        {
            var (direct, second) = Outcomes(probe, began);
            if (direct == ProbeOutcome.Answered
                || (direct == ProbeOutcome.Refused && (probe.Cause == SuspicionCause.SessionLost || second is ProbeOutcome.Answered or ProbeOutcome.Refused)))
            {
                Probed(probe, direct, second);
            }
            else
            {
                _world.After(TimeSpan.FromMilliseconds(735), () => _silo.Run(() =>
                {
                    (direct, second) = Outcomes(probe, began);
                    Probed(probe, direct, second);
                }));
            }
        }));
    }

    private void MayStall()
    {
        if (!_world.ProbesStall || _world.Now < _nextStall)
            return;
        _nextStall = _world.Now + TimeSpan.FromMinutes(1);
        _silo.Pause();
        _world.After(_world.Milliseconds(1_700, 6_000), _silo.Resume);
    }

    private (ProbeOutcome Direct, ProbeOutcome? Second) Outcomes(DetectorAction.Probe probe, TimeSpan began)
    {
        // A process that was held up sees its time-out before the answer.
        if (Now - began > Settings.ProbeTimeout * 2)
            return (ProbeOutcome.NoAnswer, null);
        var direct = _world.Network.Probe(_silo, probe.Silo);
        if (probe.SecondOpinionFrom is not { } other || _world.Network.Probe(_silo, other) != ProbeOutcome.Answered)
            return (direct, null);
        return (direct, _world.Network.Probe(_world.Incarnation(other), probe.Silo));
    }

    private void Probed(DetectorAction.Probe probe, ProbeOutcome direct, ProbeOutcome? second)
    {
        _world.Log?.Write($"  {_silo.Id}: probe {probe.Suspicion} of {probe.Silo}: {direct}, {second?.ToString() ?? "no second opinion"}");
        _audit.Probed(probe, direct, second);
        Detector.ProbeCompleted(Now, probe.Suspicion, direct, second);
    }

    private void DeclareDead(DetectorAction.DeclareDead dead) => _world.Database.Execute(
        _silo,
        view => view.Members.TryGetValue(dead.Silo, out var status) && status != MemberStatus.Dead
            ? new Dictionary<SiloId, MemberStatus> { [dead.Silo] = MemberStatus.Dead }
            : null,
        view =>
        {
            if (view is not null)
            {
                _silo.See(view);
                _world.Gossip(_silo, view);
            }

            Detector.DeclareDeadCompleted(Now, dead.Suspicion, view is not null);
        });
}
