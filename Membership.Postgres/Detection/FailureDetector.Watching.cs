namespace Firezone.Membership.Postgres.Detection;

public sealed partial class FailureDetector
{
    private readonly HashSet<SiloId> _watched = [];

    /// <summary>The watched lock was released by its holder.</summary>
    public void LockReleased(TimeSpan now, SiloId silo)
    {
        Expire(now);
        if (WatchEnded(silo) is { } peer && Judges)
            SessionLost(now, peer);
    }

    /// <summary>The watching session is lost, which says nothing about the silo.</summary>
    public void WatchBroken(TimeSpan now, SiloId silo)
    {
        Expire(now);
        WatchEnded(silo);
    }

    private Peer? WatchEnded(SiloId silo)
    {
        if (!_watched.Remove(silo) || !_peers.TryGetValue(silo, out var peer))
            return null;
        peer.HoldsLock = false;
        return peer;
    }

    private void PlanWatches()
    {
        var mine = IsInRing(_self) && _self.IsStarted
            ? _ring.After(_self).Where(peer => peer.EverHeldLock).Take(_settings.Watchers).ToList()
            : [];
        foreach (var silo in _watched.Where(silo => !mine.Exists(peer => peer.Id == silo)).ToList())
        {
            _watched.Remove(silo);
            _actions.Enqueue(new DetectorAction.Unwatch(silo));
        }

        if (!_sight.IsSighted)
            return;
        foreach (var peer in mine)
        {
            if (peer.HoldsLock && _watched.Add(peer.Id))
                _actions.Enqueue(new DetectorAction.Watch(peer.Id));
        }
    }
}
