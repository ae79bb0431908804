using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Status;
using Firezone.Silos.Operations.Overview;
using Firezone.Silos.Operations.Pages;

namespace Firezone.Operations.Tests.Pages;

/// <summary>What operators read of things that go wrong.</summary>
public sealed class OverviewPartsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 29, 20, 0, 0, TimeSpan.Zero);
    private static readonly SiloReport Report = new("0.1.0", "gcp/us-east1", ["housekeeping"], 7, 150_000_000, "closed", [], [], TimeSpan.FromMinutes(90));
    private static readonly FrontEndReport Calm = new("0.1.0", "ready", 3, 2, 1, [new("granted", 60, 1.5)], [new("overloaded", 30, 0.2)], false, 1, 64, 0);

    [Fact]
    public void A_healthy_cluster_needs_nothing()
    {
        var parts = OverviewParts.Render(Overview([Silo("a", Report)], [FrontEnd("f", Calm)]));
        Assert.Contains("Nothing needs attention.", parts["problems"], StringComparison.Ordinal);
        Assert.Contains("<dt>Flows per second</dt><dd>1.5</dd>", parts["summary"], StringComparison.Ordinal);
        Assert.Contains("<dt>Refused per minute</dt><dd>30</dd>", parts["summary"], StringComparison.Ordinal);
        Assert.Contains("housekeeping", parts["silos"], StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_silent_or_refuses_is_named()
    {
        var overview = Overview(
            [
                Silo("a", Report with { Database = "open", Replicas = [new("pg2:5432", "lagging", 4096, 12.5)] }),
                Silo("b", null),
                Silo("c", Report, age: TimeSpan.FromSeconds(31)),
            ],
            [FrontEnd("f", Calm with { IsStorm = true }), FrontEnd("g", null)]) with
        { DatabaseFails = true };
        var problems = OverviewParts.Render(overview)["problems"];
        Assert.Equal(
            [
                "The database does not answer.", "Silo a refuses connects because the database does not answer it.",
                "Silo b at 10.0.0.1:11111 does not answer.", "Silo c at 10.0.0.1:11111 sends no heartbeats.", "Replica pg2:5432 is lagging.",
                "Front-end f turns connects away: more come than it can take on.", "Front-end g does not answer.",
            ],
            problems.Split("<li>").Skip(1).Select(p => p.Split("</li>")[0]));
    }

    [Fact]
    public void Without_a_directory_and_a_database_there_is_a_page_still()
    {
        var parts = OverviewParts.Render(new ClusterOverview(At, "a", [Silo("a", Report)], null, null, true, []));
        Assert.Contains("Their directory does not answer.", parts["front-ends"], StringComparison.Ordinal);
        Assert.Contains("The database has not answered yet.", parts["sites"], StringComparison.Ordinal);
        Assert.Contains("<dt>Database</dt><dd>no answer</dd>", parts["summary"], StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_of_versions_are_summed_up()
    {
        var sessions = Enumerable.Range(1, 30).Select(i => new SessionFigure { Kind = "client", Version = $"1.{i}", Count = i }).ToList();
        var overview = Overview([Silo("a", Report)], []) with { Database = new(sessions, [], TimeSpan.Zero, false) };
        Assert.Contains("10 others</th><td class=\"n\">55</td>", OverviewParts.Render(overview)["versions"], StringComparison.Ordinal);
    }

    private static ClusterOverview Overview(IReadOnlyList<SiloLine> silos, IReadOnlyList<FrontEndSight> frontEnds) =>
        new(At, "a", silos, frontEnds, new([], [], TimeSpan.Zero, false), false, []);

    private static SiloLine Silo(string name, SiloReport? report, TimeSpan? age = null) =>
        new(name, "10.0.0.1:11111", "gcp/us-east1", "active", age ?? TimeSpan.FromSeconds(0.4), report);

    private static FrontEndSight FrontEnd(string name, FrontEndReport? report) =>
        new(Guid.Empty, name, "gcp/us-east1", 6, TimeSpan.FromSeconds(2), report);
}
