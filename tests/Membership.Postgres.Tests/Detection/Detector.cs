using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Detection;

/// <summary>A detector with a clock of its own and the actions it asked for. Self is the first silo; the others stand in the order of the ring after it.</summary>
internal sealed class Detector
{
    private readonly List<DetectorAction> _taken = [];
    private int _version;

    public Detector(int silos, int watchers = 2)
    {
        Settings = new DetectorSettings { Jitter = () => 0, Watchers = watchers };
        Self = new SiloId("10.0.0.1:1@1");
        var members = Enumerable.Range(1, silos).Select(number => new Peer(new SiloId($"10.0.0.{number}:1@1"))).ToList();
        var ring = new Ring(members);
        Others = [.. ring.After(members[0]).Select(peer => peer.Id)];
        Subject = new FailureDetector(Self, Settings);
        Members = members.ToDictionary(peer => peer.Id, _ => MemberStatus.Active);
        Show();
    }

    public DetectorSettings Settings { get; }

    public FailureDetector Subject { get; }

    public SiloId Self { get; }

    public SiloId[] Others { get; }

    public Dictionary<SiloId, MemberStatus> Members { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(100);

    /// <summary>Everything asked for since the last call.</summary>
    public List<DetectorAction> Taken()
    {
        Settle();
        var taken = _taken.ToList();
        _taken.Clear();
        return taken;
    }

    public List<T> Taken<T>()
        where T : DetectorAction => [.. Taken().OfType<T>()];

    public DetectorAction.Probe TheProbe() => Assert.Single(Taken<DetectorAction.Probe>());

    /// <summary>Gives the detector the next version of the table.</summary>
    public void Show() => Do(subject => subject.ViewChanged(Now, new MemberView(++_version, new Dictionary<SiloId, MemberStatus>(Members))));

    public void Set(SiloId silo, MemberStatus status)
    {
        Members[silo] = status;
        Show();
    }

    public void Do(Action<FailureDetector> input)
    {
        input(Subject);
        Settle();
    }

    public void Hear(SiloId silo, bool holdsLock = true) => Do(subject => subject.Heard(Now, silo, holdsLock));

    /// <summary>LISTEN comes up, and everybody is heard.</summary>
    public Detector Sighted()
    {
        Do(subject => subject.ListenUp(Now));
        Hear(Self);
        foreach (var silo in Others)
            Hear(silo);
        Do(subject => subject.RefreshCompleted(Now, true));
        _taken.Clear();
        return this;
    }

    /// <summary>Time passes; every heartbeat interval the given silos, and self, are heard.</summary>
    public void Pass(double seconds, params SiloId[] heard)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        for (var beat = Now + Settings.HeartbeatInterval; beat <= end; beat += Settings.HeartbeatInterval)
        {
            RunTo(beat);
            Hear(Self);
            foreach (var silo in heard)
                Hear(silo);
        }

        RunTo(end);
    }

    /// <summary>Time passes without a signal.</summary>
    public void Wait(double seconds) => RunTo(Now + TimeSpan.FromSeconds(seconds));

    public void Complete(DetectorAction.Probe probe, ProbeOutcome direct, ProbeOutcome? second = null) =>
        Do(subject => subject.ProbeCompleted(Now, probe.Suspicion, direct, second));

    private void RunTo(TimeSpan time)
    {
        while (Subject.NextDeadline is { } deadline && deadline <= time)
        {
            Now = deadline > Now ? deadline : Now;
            Settle();
        }

        Now = time;
        Settle();
    }

    private void Settle()
    {
        Subject.Advance(Now);
        while (Subject.TryTake(out var action))
            _taken.Add(action);
    }
}
