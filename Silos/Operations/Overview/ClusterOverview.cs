using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Silos.Operations.Overview;

/// <summary>The cluster at one moment.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="By">Name of the silo that looked.</param>
/// <param name="Silos">By region and name.</param>
/// <param name="FrontEnds">By region and name; null: their directory does not answer.</param>
/// <param name="Database">Null: it has not answered yet.</param>
/// <param name="DatabaseFails">It does not answer this silo's questions.</param>
/// <param name="Events">The latest first.</param>
internal sealed record ClusterOverview(
    DateTimeOffset At,
    string By,
    IReadOnlyList<SiloLine> Silos,
    IReadOnlyList<FrontEndSight>? FrontEnds,
    DatabaseAnswer? Database,
    bool DatabaseFails,
    IReadOnlyList<TimelineEvent> Events)
{
    /// <summary>Of all front-ends, by name, the most frequent first.</summary>
    internal IReadOnlyList<RecentCount> Flows => Sum(report => report.Flows);

    /// <inheritdoc cref="Flows" />
    internal IReadOnlyList<RecentCount> Refusals => Sum(report => report.Refusals);

    private RecentCount[] Sum(Func<FrontEndReport, RecentCount[]> select) =>
        [.. (FrontEnds ?? [])
            .SelectMany(f => f.Report is { } report ? select(report) : [])
            .GroupBy(c => c.Name)
            .Select(g => new RecentCount(g.Key, g.Sum(c => c.LastMinute), g.Sum(c => c.PerSecond)))
            .OrderByDescending(c => c.LastMinute)
            .ThenBy(c => c.Name, StringComparer.Ordinal)];
}
