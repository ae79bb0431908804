using System.Text.Json.Nodes;
using Firezone.Cli.Output;

namespace Firezone.Cli.Catalog;

/// <summary>Whether one process is in service.</summary>
internal static class NodeView
{
    public static void Show(Report report, JsonObject node)
    {
        var since = node.Text("since") is { } start ? $", since {Cell.Time(start)}" : "";
        var until = node.Text("state") is "draining" && node.Text("until") is { } end ? $", until {Cell.Time(end)}" : "";
        var by = node.Text("by") is { } name ? $", by {name}" : "";
        var of = since.Length > 0 ? $" of {Cell.Of("", node["sessions_at_start"])}" : "";
        report.Line($"{node.Text("kind")?.Replace('_', '-')} {node.Text("id")}: {node.Text("state")}{since}{until}{by}");
        report.Line($"sessions: {Cell.Of("", node["sessions"])}{of}");
    }
}
