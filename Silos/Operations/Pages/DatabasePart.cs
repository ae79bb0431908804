using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>The database as each silo sees it: whether it may be asked, and how far its replicas are.</summary>
internal static class DatabasePart
{
    internal static HtmlText Render(ClusterOverview overview)
    {
        var html = new HtmlText($"""
            <caption>Database as the silos see it</caption><thead><tr><th scope="col">Silo</th><th scope="col">Server</th><th scope="col">State</th>
            <th scope="col" class="n">Lag</th><th scope="col" class="n">Not replayed</th></tr></thead><tbody>
            """);
        foreach (var silo in overview.Silos)
        {
            if (silo.Report is not { } report)
                continue;
            html.Add($"""
                <tr><th scope="row">{silo.Name}</th><td>primary</td><td class="{(report.Database == "closed" ? "good" : "bad")}">{State(report.Database)}</td>
                <td class="n">–</td><td class="n">–</td></tr>
                """);
            html.AddEach(report.Replicas, (rows, r) => rows.Add($"""
                <tr><th scope="row">{silo.Name}</th><td>{r.Host}</td><td class="{(r.State == "usable" ? "good" : "bad")}">{r.State}</td>
                <td class="n">{Words.Duration(TimeSpan.FromSeconds(r.LagSeconds))}</td><td class="n">{Words.Bytes(r.LagBytes)}</td></tr>
                """));
        }

        return html.Add($"</tbody>");
    }

    private static string State(string circuit) => circuit switch
    {
        "closed" => "answers",
        "half open" => "being tried",
        _ => "does not answer",
    };
}
