using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>Checks every action of one detector at the moment it is taken, with what only the simulation knows.</summary>
internal sealed class ActionAudit(World world, SimulatedSilo silo, DetectorSettings settings)
{
    private readonly HashSet<SiloId> _watched = [];
    private readonly Dictionary<long, SiloId> _suspected = [];
    private readonly Dictionary<long, DetectorAction.Probe> _probing = [];
    private readonly Dictionary<long, (DetectorAction.Probe Probe, bool Answered)> _probed = [];
    private readonly Dictionary<SiloId, TimeSpan> _heard = [];
    private readonly Queue<TimeSpan> _lastMinute = [];
    private TimeSpan? _echo;
    private TimeSpan _sightedSince;
    private bool _refreshing;

    public bool Watches(SiloId watched) => _watched.Contains(watched);

    /// <summary>Whether it heard a silo since that silo's row was last there: with the row it forgets the silo.</summary>
    public bool HasHeard(SiloId other) => _heard.ContainsKey(other);

    public void ViewChanged(MemberView before, MemberView after)
    {
        foreach (var (id, status) in before.Members)
        {
            if (status != MemberStatus.Dead && after.Members.GetValueOrDefault(id, MemberStatus.Dead) == MemberStatus.Dead)
                _heard.Remove(id);
        }
    }

    public void Hears(SiloId other)
    {
        _heard[other] = silo.LocalNow;
        if (other == silo.Id)
            _echo = silo.LocalNow;
    }

    public void WatchEnded(SiloId watched) => _watched.Remove(watched);

    public void RefreshEnded() => _refreshing = false;

    public void Probed(DetectorAction.Probe probe, ProbeOutcome direct, ProbeOutcome? second)
    {
        if (_probing.Remove(probe.Suspicion))
            _probed[probe.Suspicion] = (probe, direct == ProbeOutcome.Answered || second == ProbeOutcome.Answered);
    }

    public void Take(DetectorAction action)
    {
        var kind = action switch
        {
            DetectorAction.DeclareDead dead => $"DeclareDead {dead.Cause}",
            DetectorAction.Note.Cleared cleared => $"Cleared {cleared.Cause} {cleared.End}",
            _ => action.GetType().Name,
        };
        world.Taken[kind] = world.Taken.GetValueOrDefault(kind) + 1;
        switch (action)
        {
            case DetectorAction.Refresh refresh:
                Demand(!_refreshing, action, "one refresh at a time");
                Demand(refresh.Version >= 0, action, "a version is not negative");
                _refreshing = true;
                break;
            case DetectorAction.Watch watch:
                Demand(watch.Silo != silo.Id && _watched.Add(watch.Silo), action, "watches another silo, once");
                Demand(_watched.Count <= settings.Watchers, action, "no more watches than configured");
                break;
            case DetectorAction.Unwatch unwatch:
                Demand(_watched.Remove(unwatch.Silo), action, "was watched");
                break;
            case DetectorAction.Probe probe:
                Take(probe);
                break;
            case DetectorAction.DeclareDead dead:
                Take(dead);
                break;
            case DetectorAction.Note.Sighted:
                _sightedSince = silo.LocalNow;
                break;
            case DetectorAction.Note.Suspected suspected:
                _suspected[suspected.Suspicion] = suspected.Silo;
                break;
            case DetectorAction.Note.Cleared cleared:
                Demand(_suspected.Remove(cleared.Suspicion), action, "was suspected");
                _probed.Remove(cleared.Suspicion);
                _probing.Remove(cleared.Suspicion);
                break;
        }

        if (action is not DetectorAction.Note)
            Count();
    }

    private void Take(DetectorAction.Probe probe)
    {
        Demand(_suspected.GetValueOrDefault(probe.Suspicion) == probe.Silo, probe, "is suspected");
        Demand(_probing.TryAdd(probe.Suspicion, probe), probe, "one probe at a time");
        Demand(probe.Silo != silo.Id && IsAlive(probe.Silo), probe, "is another living member of the view");
        if (probe.SecondOpinionFrom is { } other)
        {
            Demand(other != silo.Id && other != probe.Silo, probe, "is asked of a third silo");
            Demand(silo.View.Members.GetValueOrDefault(other) == MemberStatus.Active, probe, "is asked of an active silo");
            Demand(!_suspected.ContainsValue(other), probe, "is asked of a silo that is not suspected");
        }
    }

    private void Take(DetectorAction.DeclareDead dead)
    {
        Demand(_probed.Remove(dead.Suspicion, out var last) && last.Probe.Silo == dead.Silo, dead, "was probed before");
        Demand(!last.Answered, dead, "did not answer");
        Demand(dead.SinceEvidence >= TimeSpan.Zero, dead, "has evidence");
        Demand(_heard.ContainsKey(dead.Silo), dead, "was heard once");
        Demand(world.Network.Probe(silo, dead.Silo) != ProbeOutcome.Answered, dead, "does not answer this silo now");
        if (last.Probe.SecondOpinionFrom is { } other && world.Incarnation(other).Runs
            && world.Network.Probe(silo, other) == ProbeOutcome.Answered && !world.Incarnation(dead.Silo).IsPaused)
        {
            Demand(world.Network.Probe(world.Incarnation(other), dead.Silo) != ProbeOutcome.Answered, dead, "does not answer the other silo now");
        }

        Demand(silo.LocalNow - _echo < settings.HeartbeatInterval * 2 + settings.SightMargin, dead, "is declared by a silo that hears itself");
        var silentFor = silo.LocalNow - (_heard[dead.Silo] > _sightedSince ? _heard[dead.Silo] : _sightedSince);
        Demand(dead.Cause == SuspicionCause.SessionLost || silentFor >= settings.HeartbeatInterval * settings.MissedLimit, dead, "was silent long enough");
        var own = silo.View.Members.GetValueOrDefault(silo.Id);
        Demand(own is MemberStatus.Joining or MemberStatus.Active, dead, "is declared by a silo in service");
    }

    private bool IsAlive(SiloId other) =>
        silo.View.Members.TryGetValue(other, out var status) && status is not (MemberStatus.Dead or MemberStatus.Created);

    private void Count()
    {
        _lastMinute.Enqueue(world.Now);
        while (_lastMinute.Peek() < world.Now - TimeSpan.FromMinutes(1))
            _lastMinute.Dequeue();
        if (_lastMinute.Count > 300)
            throw new SimulationFailure($"{silo.Id}: {_lastMinute.Count} actions within a minute");
    }

    private void Demand(bool holds, DetectorAction action, string what)
    {
        if (!holds)
            throw new SimulationFailure($"{silo.Id}: {action}, but this does not hold: {what}");
    }
}
