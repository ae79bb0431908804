using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>The front-ends: what they hold and what they turn away.</summary>
internal static class FrontEndPart
{
    private const string Head = """
        <caption>Front-ends</caption>
        <thead><tr><th scope="col">Front-end</th><th scope="col">Region</th><th scope="col">State</th><th scope="col" class="n">Clients</th>
        <th scope="col" class="n">Gateways</th><th scope="col" class="n">Relays</th><th scope="col" class="n">Flows/s</th>
        <th scope="col" class="n">Refused/min</th><th scope="col" class="n">Under way</th><th scope="col" class="n">Told to wait</th>
        <th scope="col">Admission</th><th scope="col" class="n">Lease</th><th scope="col">Version</th></tr></thead>
        """;

    internal static HtmlText Render(ClusterOverview overview)
    {
        var html = new HtmlText().AddRaw(Head).Add($"<tbody>");
        if (overview.FrontEnds is not { Count: > 0 } frontEnds)
            return html.Add($"<tr><td colspan=\"13\">{(overview.FrontEnds is null ? "Their directory does not answer." : "None.")}</td></tr></tbody>");
        return html.AddEach(frontEnds, (rows, frontEnd) => rows.Add(Row(frontEnd))).Add($"</tbody>");
    }

    private static HtmlText Row(FrontEndSight frontEnd)
    {
        var lease = Words.Duration(frontEnd.SinceRenewal);
        return frontEnd.Report is not { } report
            ? new HtmlText($"""
                <tr><th scope="row">{frontEnd.Name}</th><td>{Words.OrNone(frontEnd.Region)}</td><td class="bad">not answering</td>
                <td colspan="8">{Words.Count(frontEnd.Sessions, "socket")} at its last renewal</td><td class="n">{lease}</td><td>–</td></tr>
                """)
            : new HtmlText($"""
                <tr><th scope="row">{frontEnd.Name}</th><td>{Words.OrNone(frontEnd.Region)}</td>
                <td class="{(report.State == "ready" ? "good" : "warn")}">{report.State}</td>
                <td class="n">{Words.Number(report.Clients)}</td><td class="n">{Words.Number(report.Gateways)}</td><td class="n">{Words.Number(report.Relays)}</td>
                <td class="n">{Words.Rate(report.Flows.Sum(f => f.PerSecond))}</td><td class="n">{Words.Number(report.Refusals.Sum(f => f.LastMinute))}</td>
                <td class="n">{Words.Number(report.UnderWay)} of {Words.Number(report.Limit)}</td><td class="n">{Words.Number(report.Waiting)}</td>
                <td class="{(report.IsStorm ? "bad" : "good")}">{(report.IsStorm ? "storm" : "open")}</td>
                <td class="n">{lease}</td><td>{report.Version}</td></tr>
                """);
    }
}
