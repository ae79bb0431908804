using System.Collections.Concurrent;
using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>When each living silo was last heard. Safe for use from any thread.</summary>
internal sealed class HeartbeatAges(TimeProvider time)
{
    private readonly ConcurrentDictionary<SiloId, long> _heard = [];
    private MemberView? _view;

    internal IEnumerable<HeartbeatAge> All => _heard.Select(heard => new HeartbeatAge(heard.Key, time.GetElapsedTime(heard.Value)));

    /// <summary>Notes a heartbeat. Silos that the view does not have are not remembered.</summary>
    internal void Heard(SiloId silo)
    {
        if (_view is { } view && Lives(view, silo))
            _heard[silo] = time.GetTimestamp();
    }

    /// <summary>Forgets those that are dead or gone.</summary>
    internal void KeepOnly(MemberView view)
    {
        _view = view;
        foreach (var silo in _heard.Keys.Where(silo => !Lives(view, silo)))
            _heard.TryRemove(silo, out _);
    }

    private static bool Lives(MemberView view, SiloId silo) => view.Members.GetValueOrDefault(silo, MemberStatus.Dead) != MemberStatus.Dead;
}
