using System.Collections.Concurrent;
using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>When each living silo was last heard; one that was never heard counts from when it was first known. Safe for use from any thread.</summary>
internal sealed class HeartbeatAges(TimeProvider time)
{
    private readonly ConcurrentDictionary<SiloId, long> _heard = [];
    private MemberView? _view;

    /// <summary>The ages of all that live in <paramref name="view"/>.</summary>
    internal IEnumerable<HeartbeatAge> Of(MemberView view) =>
        view.Members.Keys.Where(silo => Lives(view, silo)).Select(silo => new HeartbeatAge(silo, time.GetElapsedTime(SinceOf(silo))));

    /// <summary>Notes a heartbeat. Silos that the view does not have are not remembered.</summary>
    internal void Heard(SiloId silo)
    {
        if (_view is { } view && Lives(view, silo))
            _heard[silo] = time.GetTimestamp();
    }

    /// <summary>Forgets those that are dead or gone, and counts from now for those that have come.</summary>
    internal void Follow(MemberView view)
    {
        _view = view;
        foreach (var silo in _heard.Keys.Where(silo => !Lives(view, silo)))
            _heard.TryRemove(silo, out _);
        foreach (var silo in view.Members.Keys.Where(silo => Lives(view, silo)))
            SinceOf(silo);
    }

    private long SinceOf(SiloId silo) => _heard.GetOrAdd(silo, static (_, clock) => clock.GetTimestamp(), time);

    private static bool Lives(MemberView view, SiloId silo) => view.Members.GetValueOrDefault(silo, MemberStatus.Dead) != MemberStatus.Dead;
}
