using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Silos.Operations.Pages;

/// <summary>How often each thing happened in the last minute.</summary>
internal static class FlowPart
{
    internal static HtmlText Render(string caption, string head, IReadOnlyList<RecentCount> counts)
    {
        var html = new HtmlText($"""
            <caption>{caption}</caption><thead><tr><th scope="col">{head}</th><th scope="col" class="n">Last minute</th>
            <th scope="col" class="n">Per second</th></tr></thead><tbody>
            """);
        var recent = counts.Where(c => c.LastMinute > 0).ToList();
        if (recent.Count == 0)
            html.Add($"<tr><td colspan=\"3\">None in the last minute.</td></tr>");
        return html
            .AddEach(recent, (rows, c) => rows.Add(
                $"<tr><th scope=\"row\">{c.Name}</th><td class=\"n\">{Words.Number(c.LastMinute)}</td><td class=\"n\">{Words.Rate(c.PerSecond)}</td></tr>"))
            .Add($"</tbody>");
    }
}
