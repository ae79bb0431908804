using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>The silos by region.</summary>
internal static class SiloPart
{
    internal static HtmlText Render(ClusterOverview overview)
    {
        var html = new HtmlText($"""
            <caption>Silos by region</caption>
            <thead><tr><th scope="col">Silo</th><th scope="col">Status</th><th scope="col">Role</th><th scope="col" class="n">Heartbeat</th>
            <th scope="col" class="n">Sessions</th><th scope="col" class="n">Memory</th><th scope="col" class="n">Up for</th><th scope="col">Version</th>
            <th scope="col">Address</th></tr></thead>
            """);
        foreach (var region in overview.Silos.GroupBy(s => s.Region))
        {
            html.Add($"<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"9\">{(region.Key.Length == 0 ? "region unknown" : region.Key)}</th></tr>");
            foreach (var silo in region)
                html.Add(Row(silo));
            html.Add($"</tbody>");
        }

        return html;
    }

    private static HtmlText Row(SiloLine silo)
    {
        var report = silo.Report;
        var isSilent = report is null && silo.Status == "active";
        return new HtmlText($"""
            <tr><th scope="row">{silo.Name}</th><td class="{(isSilent ? "bad" : silo.Status == "active" ? "good" : "warn")}">{(isSilent ? "not answering" : silo.Status)}</td>
            <td>{Words.OrNone(string.Join(", ", report?.Roles ?? []))}</td>
            <td class="n">{(silo.HeartbeatAge is { } age ? Words.Duration(age) : "–")}</td>
            <td class="n">{(report is null ? "–" : Words.Number(report.SessionGrains))}</td>
            <td class="n">{(report is null ? "–" : Words.Bytes(report.MemoryBytes))}</td>
            <td class="n">{(report is null ? "–" : Words.Duration(report.Uptime))}</td>
            <td>{report?.Version ?? "–"}</td><td>{silo.Address}</td></tr>
            """);
    }
}
