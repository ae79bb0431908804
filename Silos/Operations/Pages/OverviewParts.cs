using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>The parts of the overview that change, by the id of the element that they fill.</summary>
internal static class OverviewParts
{
    internal static IReadOnlyDictionary<string, string> Render(ClusterOverview overview) => new Dictionary<string, string>
    {
        ["as-of"] = new HtmlText($"As of <time datetime=\"{overview.At:yyyy-MM-ddTHH:mm:ssZ}\">{overview.At:HH:mm:ss} UTC</time>, seen by silo {overview.By}").ToString(),
        ["problems"] = ProblemPart.Render(overview).ToString(),
        ["summary"] = SummaryPart.Render(overview).ToString(),
        ["silos"] = SiloPart.Render(overview).ToString(),
        ["front-ends"] = FrontEndPart.Render(overview).ToString(),
        ["sessions"] = SessionPart.ByRegion(overview).ToString(),
        ["versions"] = SessionPart.ByVersion(overview).ToString(),
        ["flows"] = FlowPart.Render("Answered requests for a flow", "Outcome", overview.Flows).ToString(),
        ["refusals"] = FlowPart.Render("Refused connects", "Reason", overview.Refusals).ToString(),
        ["sites"] = SitePart.Render(overview).ToString(),
        ["replicas"] = DatabasePart.Render(overview).ToString(),
        ["timeline"] = TimelinePart.Render(overview).ToString(),
    };
}
