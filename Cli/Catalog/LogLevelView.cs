using System.Text.Json.Nodes;
using Firezone.Cli.Output;
using Spectre.Console;

namespace Firezone.Cli.Catalog;

/// <summary>What processes log otherwise than configured.</summary>
internal static class LogLevelView
{
    public static void Show(Report report, JsonObject answer) => Show(report, [.. answer.Objects("nodes")]);

    public static void ShowNode(Report report, JsonObject node) => Show(report, [node]);

    private static void Show(Report report, IReadOnlyList<JsonObject> nodes)
    {
        var table = Report.NewTable(["KIND", "ID", "CATEGORY", "LEVEL", "UNTIL", "BY"]);
        foreach (var node in nodes)
        {
            foreach (var level in node.Objects("log_levels"))
            {
                table.AddRow(Texts(
                    node.Text("kind")?.Replace('_', '-'),
                    node.Text("id"),
                    level.Text("category"),
                    level.Text("level"),
                    Cell.Time(level.Text("until") ?? ""),
                    level.Text("by")));
            }
        }

        if (table.Rows.Count > 0)
            report.Write(table);
        else
            report.Line("As configured.");
        foreach (var node in nodes.Where(node => !node.IsTrue("answered")))
            report.Note($"firezone: {Printable.Of($"{node.Text("kind")?.Replace('_', '-')} {node.Text("id")}")} does not answer.");
    }

    private static IEnumerable<Text> Texts(params string?[] cells) => cells.Select(cell => new Text(Printable.Of(cell ?? Cell.Nothing)));
}
