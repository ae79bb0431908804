using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>One start of one silo: what Orleans does (join, read, leave) around the driver of its detector.</summary>
internal sealed class SimulatedSilo
{
    private readonly World _world;
    private readonly TimeSpan _offset;
    private readonly double _rate;
    private readonly List<Action> _deferred = [];
    private readonly SimulatedDriver? _driver;
    private bool _wasListed;

    /// <param name="world">Where it runs.</param>
    /// <param name="host">Number of its host.</param>
    /// <param name="generation">Number of its start.</param>
    /// <param name="signals">False: like a silo of another provider, which neither sends nor hears signals.</param>
    public SimulatedSilo(World world, int host, int generation, bool signals)
    {
        _world = world;
        Host = host;
        Id = new SiloId($"10.0.0.{host + 1}:11111@{generation}");
        _offset = TimeSpan.FromMinutes(3 + (world.Random.NextDouble() - 0.5) * 6);
        _rate = world.ClocksDrift ? 0.95 + world.Random.NextDouble() * 0.1 : 1;
        if (signals)
            _driver = new SimulatedDriver(world, this);
    }

    public SiloId Id { get; }

    public int Host { get; }

    public bool IsProcess { get; private set; } = true;

    public bool IsPaused { get; private set; }

    public bool IsOverloaded { get; set; }

    public bool IsLeaving { get; private set; }

    public bool Signals => _driver is not null;

    public SimulatedDriver Driver => _driver!;

    public MemberView View { get; private set; } = new(0, new Dictionary<SiloId, MemberStatus>());

    public TimeSpan LocalNow => Local(_world.Now);

    public TimeSpan StartedAt { get; private set; }

    public TimeSpan? DiedAt { get; private set; }

    /// <summary>Within what the world can tell, this process runs and can do things.</summary>
    public bool Runs => IsProcess && !IsPaused && !_world.Network.IsDown(Host);

    public TimeSpan Local(TimeSpan time) => _offset + time * _rate;

    /// <summary>Real time from now until the own clock shows it, not earlier.</summary>
    public TimeSpan Until(TimeSpan local)
    {
        var at = (local - _offset) / _rate;
        while (Local(at) < local)
            at += TimeSpan.FromTicks(1);
        return at > _world.Now ? at - _world.Now : TimeSpan.Zero;
    }

    /// <summary>Runs something in the process: later if it is paused, never if it is gone.</summary>
    public void Run(Action action)
    {
        if (!IsProcess || _world.Network.IsDown(Host))
            return;
        if (IsPaused)
        {
            _deferred.Add(action);
            return;
        }

        action();
        _driver?.Pump();
    }

    public void Start()
    {
        _world.Log?.Write($"{Id} starts");
        StartedAt = _world.Now;
        _driver?.Start();
        Join();
        Poll();
    }

    public void Pause()
    {
        _world.Log?.Write($"{Id} is paused");
        IsPaused = true;
    }

    public void Resume()
    {
        if (!IsPaused)
            return;
        _world.Log?.Write($"{Id} is resumed");
        IsPaused = false;
        if (_world.Random.Next(2) == 0)
            _driver?.Pump();
        var deferred = _deferred.ToList();
        _deferred.Clear();
        foreach (var action in deferred)
            Run(action);
    }

    /// <summary>The process is gone. Its connections are closed by the kernel, if the server can be told.</summary>
    public void Die(string how)
    {
        if (!IsProcess)
            return;
        _world.Log?.Write($"{Id} {how}");
        IsProcess = false;
        DiedAt = _world.Now;
        _deferred.Clear();
        var told = _world.Database.Takes(this);
        foreach (var session in _world.Database.SessionsOf(Host).Where(session => session.Owner == this).ToList())
        {
            session.AtClient = false;
            _world.After(told ? _world.Milliseconds(1, 3) : _world.Milliseconds(10_000, 30_000), () => _world.Database.End(session));
        }
    }

    /// <summary>Goodbye, then the rows of the way down, then the end of the process.</summary>
    public void Leave() => Run(() =>
    {
        if (IsLeaving)
            return;
        _world.Log?.Write($"{Id} leaves");
        IsLeaving = true;
        _driver?.Send(new Signal.Goodbye(Id));
        _driver?.StopHeartbeats();
        SetStatus(MemberStatus.ShuttingDown, () => _world.After(_world.Milliseconds(250, 20_000), () => Run(() =>
            SetStatus(MemberStatus.Dead, () => Die("has left"), 1))), 1);
    });

    /// <summary>A view from the table or from gossip.</summary>
    public void See(MemberView view)
    {
        if (view.Version < View.Version)
            return;
        if (view.Version > View.Version)
        {
            _driver?.Audit.ViewChanged(View, view);
            View = view;
            _driver?.Detector.ViewChanged(LocalNow, view);
        }

        _wasListed |= View.Members.ContainsKey(Id);
        if (!IsLeaving && _wasListed && View.Members.GetValueOrDefault(Id, MemberStatus.Dead) == MemberStatus.Dead)
        {
            _world.Log?.Write($"{Id} finds itself dead");
            Die("ends itself");
            _world.ToBeRestarted(Host);
        }
    }

    private void Join() => SetStatus(MemberStatus.Joining, () => RetirePredecessors(() =>
        _world.After(_world.Milliseconds(50, 1_000), () => Run(() => SetStatus(MemberStatus.Active, () => { })))));

    private void RetirePredecessors(Action then) => _world.Database.Execute(this, view =>
    {
        var older = view.Members.Where(row => row.Key != Id && row.Value != MemberStatus.Dead && _world.Incarnation(row.Key).Host == Host)
            .ToDictionary(row => row.Key, _ => MemberStatus.Dead);
        return older.Count == 0 ? null : older;
    }, view => Again(view, then, () => RetirePredecessors(then)));

    private void SetStatus(MemberStatus status, Action then, int attempts = int.MaxValue) => _world.Database.Execute(
        this,
        view => view.Members.TryGetValue(Id, out var now) && now >= status ? null : new Dictionary<SiloId, MemberStatus> { [Id] = status },
        view =>
        {
            if (attempts == 1 && view is null)
                then();
            else if (status <= MemberStatus.Active && IsLeaving)
                return;
            else
                Again(view, then, () => SetStatus(status, then, attempts - 1));
        });

    private void Again(MemberView? view, Action then, Action again)
    {
        if (view is null)
        {
            _world.After(_world.Milliseconds(100, 2_000), () => Run(again));
            return;
        }

        See(view);
        _world.Gossip(this, view);
        if (IsProcess)
            then();
    }

    private void Poll() => _world.After(TimeSpan.FromSeconds(60), () =>
    {
        if (!IsProcess)
            return;
        Run(() => _world.Database.Execute(this, _ => null, view =>
        {
            if (view is not null)
                See(view);
        }));
        Poll();
    });
}
