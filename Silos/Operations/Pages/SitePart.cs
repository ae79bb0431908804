using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>Gateways online by site, those without any first.</summary>
internal static class SitePart
{
    internal static HtmlText Render(ClusterOverview overview)
    {
        var sites = overview.Database?.Sites ?? [];
        var html = new HtmlText($"""
            <caption>Gateways by site{SessionPart.Age(overview)}</caption><thead><tr><th scope="col">Site</th><th scope="col">Account</th>
            <th scope="col" class="n">Online</th><th scope="col" class="n">Known</th></tr></thead><tbody>
            """);
        if (sites.Count == 0)
            html.Add($"<tr><td colspan=\"4\">{(overview.Database is null ? "The database has not answered yet." : "No gateway has ever connected.")}</td></tr>");
        html.AddEach(sites, (rows, s) => rows.Add($"""
            <tr><th scope="row">{s.Site}</th><td>{s.Account}</td><td class="n {(s.Online == 0 ? "bad" : "good")}">{Words.Number(s.Online)}</td>
            <td class="n">{Words.Number(s.Known)}</td></tr>
            """));
        if (sites.Count > 0 && sites[0].Sites > sites.Count)
            html.Add($"<tr><td colspan=\"4\">and {Words.Number(sites[0].Sites - sites.Count)} more</td></tr>");
        return html.Add($"</tbody>");
    }
}
