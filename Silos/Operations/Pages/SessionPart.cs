using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>Joined sessions by kind, with region and version.</summary>
internal static class SessionPart
{
    private const int MostVersions = 20;
    private static readonly string[] Kinds = ["client", "gateway", "relay"];

    internal static HtmlText ByRegion(ClusterOverview overview) =>
        Render("Sessions by region", "Region", overview, f => f.Region);

    internal static HtmlText ByVersion(ClusterOverview overview) =>
        Render("Sessions by version", "Version", overview, f => f.Version);

    private static HtmlText Render(string caption, string head, ClusterOverview overview, Func<SessionFigure, string?> select)
    {
        var html = new HtmlText($"""
            <caption>{caption}{Age(overview)}</caption><thead><tr><th scope="col">{head}</th><th scope="col" class="n">Clients</th>
            <th scope="col" class="n">Gateways</th><th scope="col" class="n">Relays</th></tr></thead><tbody>
            """);
        var groups = (overview.Database?.Sessions ?? [])
            .Where(f => select(f) is not null)
            .GroupBy(f => select(f)!)
            .OrderByDescending(g => g.Sum(f => f.Count))
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .ToList();
        if (groups.Count == 0)
            html.Add($"<tr><td colspan=\"4\">{(overview.Database is null ? "The database has not answered yet." : "None.")}</td></tr>");
        foreach (var group in groups.Take(MostVersions))
            html.Add(Row(Words.OrNone(group.Key), group));
        if (groups.Count > MostVersions)
            html.Add(Row($"{Words.Number(groups.Count - MostVersions)} others", groups.Skip(MostVersions).SelectMany(g => g)));
        return html.Add($"</tbody>");
    }

    private static HtmlText Row(string name, IEnumerable<SessionFigure> figures)
    {
        var counts = figures.GroupBy(f => f.Kind).ToDictionary(g => g.Key, g => g.Sum(f => f.Count));
        return new HtmlText($"<tr><th scope=\"row\">{name}</th>")
            .AddEach(Kinds, (row, kind) => row.Add($"<td class=\"n\">{Words.Number(counts.GetValueOrDefault(kind))}</td>"))
            .Add($"</tr>");
    }

    /// <summary>Only said when it is old.</summary>
    internal static string Age(ClusterOverview overview) =>
        overview.Database is { IsFailing: true } answer ? $" ({Words.Duration(answer.Age)} ago)" : "";
}
