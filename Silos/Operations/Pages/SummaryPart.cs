using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>The figures that one wants to see without scrolling.</summary>
internal static class SummaryPart
{
    internal static HtmlText Render(ClusterOverview overview)
    {
        var reports = (overview.FrontEnds ?? []).Select(f => f.Report).OfType<Firezone.Grains.Abstractions.FrontEnds.FrontEndReport>().ToList();
        var storms = reports.Count(r => r.IsStorm);
        return new HtmlText()
            .Add(Tile("Silos active", Words.Number(overview.Silos.Count(s => s.Status == "active"))))
            .Add(Tile("Clients", Words.Number(reports.Sum(r => r.Clients))))
            .Add(Tile("Gateways", Words.Number(reports.Sum(r => r.Gateways))))
            .Add(Tile("Relays", Words.Number(reports.Sum(r => r.Relays))))
            .Add(Tile("Flows per second", Words.Rate(overview.Flows.Sum(f => f.PerSecond))))
            .Add(Tile("Refused per minute", Words.Number(overview.Refusals.Sum(f => f.LastMinute))))
            .Add(Tile("Storms", Words.Number(storms)))
            .Add(Tile("Database", overview.DatabaseFails ? "no answer" : overview.Database is null ? "waiting" : "answers"));
    }

    private static HtmlText Tile(string name, string value) => new($"<div><dt>{name}</dt><dd>{value}</dd></div>");
}
