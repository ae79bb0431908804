using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>One run: a cluster forms, things go wrong, everything heals, and then one silo is lost in calm.</summary>
internal sealed class Schedule(int seed, bool logs)
{
    /// <summary>LISTEN again, 15 s of silence by the slowest clock, the stagger of the silos before, the probe and the write.</summary>
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(30);

    /// <summary>LISTEN again and a read, with all pauses between attempts.</summary>
    private static readonly TimeSpan Returning = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(110);

    private readonly World _world = new(seed, logs);

    public World World => _world;

    /// <summary>Time until a killed silo, and one gone with its host, was out of every view; null: there was none.</summary>
    public TimeSpan? KillLatency { get; private set; }

    public TimeSpan? HostGoneLatency { get; private set; }

    /// <exception cref="SimulationFailure">An invariant does not hold.</exception>
    public void Run()
    {
        for (var host = 0; host < _world.Hosts; host++)
        {
            var number = host;
            _world.After(_world.Milliseconds(0, 3_000), () => _world.StartOn(number));
        }

        var faults = new Faults(_world);
        _world.RunUntil(TimeSpan.FromSeconds(10));
        var end = TimeSpan.FromSeconds(_world.Random.Next(40, 150));
        faults.Plan(_world.Now, end);
        _world.RunUntil(end);
        faults.Heal();
        _world.RunUntil(end + Returning);
        CheckViews();
        _world.RunUntil(end + Healing);
        CheckLosses(end, faults.HaveForged);
        // A rolling restart may go on for a while, and a leaver that died has its grace.
        _world.RunUntil(end + Settling + TimeSpan.FromSeconds(_world.Hosts * 15));
        CheckOutcome();
        LoseOne();
    }

    private static IEnumerable<SiloId> Living(MemberView view) => view.Members.Where(row => row.Value != MemberStatus.Dead).Select(row => row.Key).Order();

    /// <summary>Whoever listens anew has read what it missed. Others may wait for the next change, or for Orleans' own reading.</summary>
    private void CheckViews()
    {
        foreach (var silo in _world.Running.Where(silo => silo.Signals))
        {
            Demand(
                silo.Driver.UpSince < _world.Database.ChangedAt
                    || _world.Now - silo.Driver.UpSince < TimeSpan.FromSeconds(7)
                    || silo.View.Version == _world.Database.Table.Version,
                $"the view of {silo.Id}, which listens again, is the table's");
        }
    }

    private void CheckLosses(TimeSpan healed, bool forged)
    {
        foreach (var (id, status) in _world.Database.Table.Members)
        {
            var silo = _world.Incarnation(id);
            // What a leaver or a forged goodbye puts off is checked at the end.
            if (status == MemberStatus.Dead || forged || silo.IsProcess || silo.IsLeaving || silo.DiedAt > healed)
                continue;
            Demand(
                !_world.Running.Any(judge => judge.Signals && !judge.IsLeaving && judge.StartedAt < healed && judge.Driver.Audit.HasHeard(id)),
                $"{id}, which was gone before everything healed, is dead in the table");
        }
    }

    private void CheckOutcome()
    {
        var table = _world.Database.Table;
        var running = _world.Running.ToList();
        foreach (var silo in running)
        {
            Demand(table.Members.GetValueOrDefault(silo.Id) == MemberStatus.Active, $"{silo.Id} runs and is active in the table");
            Demand(Living(silo.View).SequenceEqual(Living(table)), $"the view of {silo.Id} is the table's");
            if (!silo.Signals)
                continue;
            Demand(silo.Driver.Detector.IsSighted, $"{silo.Id} is sighted");
            var others = running.Count(other => other.Signals) - 1;
            Demand(
                _world.Database.WatchersOf(silo.Id) == Math.Min(silo.Driver.Settings.Watchers, others),
                $"{silo.Id} is watched by {_world.Database.WatchersOf(silo.Id)} of {others}");
        }

        foreach (var (id, status) in table.Members)
        {
            var silo = _world.Incarnation(id);
            if (status == MemberStatus.Dead || silo.IsProcess)
                continue;
            // One whose heartbeats no survivor ever heard cannot be told from one that sends none. Orleans' own probes see to it.
            Demand(!running.Exists(other => other.Signals && other.Driver.Audit.HasHeard(id)), $"{id}, which is gone, is dead in the table");
        }
    }

    private void LoseOne()
    {
        var candidates = _world.Running.Where(silo => silo.Signals).ToList();
        if (candidates.Count < 2)
            return;
        var victim = candidates[_world.Random.Next(candidates.Count)];
        _world.RunUntil(_world.Now + _world.Milliseconds(0, 5_000));
        var hostGone = _world.Random.Next(2) == 0;
        if (hostGone)
            _world.Network.TakeDown(victim.Host);
        victim.Die(hostGone ? "is gone with its host, in calm" : "is killed, in calm");
        var from = hostGone ? victim.Driver.LastBeat : _world.Now;
        var bound = hostGone ? TimeSpan.FromSeconds(16) / (_world.ClocksDrift ? 0.95 : 1) : TimeSpan.FromSeconds(1);
        candidates.Remove(victim);
        var declared = _world.Taken.Where(kind => kind.Key.StartsWith("DeclareDead", StringComparison.Ordinal)).Sum(kind => kind.Value);
        while (candidates.Exists(silo => silo.View.Members[victim.Id] != MemberStatus.Dead))
        {
            Demand(_world.Now - from <= bound, $"{victim.Id} is out of every view within {bound.TotalSeconds:0.0} s");
            _world.RunUntil(_world.Now + TimeSpan.FromMilliseconds(5));
        }

        if (hostGone)
            HostGoneLatency = _world.Now - from;
        else
            KillLatency = _world.Now - from;
        declared = _world.Taken.Where(kind => kind.Key.StartsWith("DeclareDead", StringComparison.Ordinal)).Sum(kind => kind.Value) - declared;
        // Clocks that differ blur the stagger, and the lock may be released just when the heartbeats run out.
        Demand(_world.ClocksDrift || declared <= 2, "one silo acts, not all");
        Demand(candidates.TrueForAll(silo => silo.IsProcess), "nobody else goes");
    }

    private void Demand(bool holds, string what)
    {
        if (!holds)
            throw new SimulationFailure($"at {_world.Now.TotalSeconds:0.000} s this does not hold: {what}");
    }
}
