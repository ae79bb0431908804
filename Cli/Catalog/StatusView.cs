using System.Text.Json.Nodes;
using Firezone.Cli.Output;
using Spectre.Console;

namespace Firezone.Cli.Catalog;

/// <summary>The cluster at a glance.</summary>
internal static class StatusView
{
    public static void Show(Report report, JsonObject status)
    {
        report.Line($"version {status.Text("version")}, {Cell.Time(status.Text("time") ?? "")}");
        Section(report, status, "silos", "name address region zone status started_at");
        Section(report, status, "front_ends", "name region sessions started_at renewed_at");
        Section(report, status, "sessions", "kind region count");
        if (status.Objects("replicas").Any())
            Section(report, status, "replicas", "host state lag_bytes lag_seconds");
    }

    private static void Section(Report report, JsonObject status, string member, string columns)
    {
        var items = status.Objects(member).ToList();
        report.Section($"{member.Replace('_', '-')}: {items.Count}");
        if (items.Count == 0)
            return;
        var members = columns.Split(' ');
        var table = Report.NewTable(members.Select(Report.Heading));
        foreach (var item in items)
            table.AddRow(members.Select(name => new Text(Cell.Of(name, item[name]))));
        report.Write(table);
    }
}
