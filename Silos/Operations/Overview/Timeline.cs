using Firezone.Membership.Postgres.Telemetry;

namespace Firezone.Silos.Operations.Overview;

/// <summary>Puts together what the silos have seen of each other.</summary>
internal static class Timeline
{
    internal const int Longest = 30;

    /// <summary>Seen at about the same time by several, it is one event.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(30);

    private static readonly string[] OncePerStart =
    [
        nameof(MembershipEventKind.Joining), nameof(MembershipEventKind.Active), nameof(MembershipEventKind.Leaving), nameof(MembershipEventKind.Dead),
    ];

    /// <returns>The latest first.</returns>
    internal static IReadOnlyList<TimelineEvent> Of(IEnumerable<SiloLine> silos)
    {
        var seen = silos
            .SelectMany(silo => silo.Report?.Events.Select(e => (Event: e, By: silo.Name)) ?? [])
            .OrderBy(s => s.Event.At)
            .ToList();
        // Whoever starts does not know the others' names at once.
        var names = seen.Where(s => s.Event.SiloName.Length > 0).GroupBy(s => s.Event.Silo).ToDictionary(g => g.Key, g => g.First().Event.SiloName);
        var merged = new List<(string Silo, TimelineEvent Event)>();
        foreach (var (one, by) in seen)
        {
            var same = merged.FindLastIndex(m =>
                m.Silo == one.Silo && m.Event.Kind == one.Kind && (OncePerStart.Contains(one.Kind) || one.At - m.Event.At <= Together));
            if (same < 0)
                merged.Add((one.Silo, new(one.At, names.GetValueOrDefault(one.Silo, one.Silo), one.Kind, one.Detail, [by])));
            else if (!merged[same].Event.Observers.Contains(by))
                merged[same] = (one.Silo, merged[same].Event with { Observers = [.. merged[same].Event.Observers, by] });
        }

        return [.. merged.Select(m => m.Event).OrderByDescending(e => e.At).Take(Longest)];
    }
}
