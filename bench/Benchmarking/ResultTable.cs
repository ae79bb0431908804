using System.Globalization;
using Spectre.Console;

namespace Firezone.Bench.Benchmarking;

/// <summary>Prints a result for people.</summary>
internal static class ResultTable
{
    public static void Write(IAnsiConsole console, BenchmarkResult result)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("operation");
        foreach (var column in new[] { "server CPU s / 1,000", "min … max", "per second", "p50 ms", "p99 ms" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var figure in result.Figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name),
                Number(figure.CpuPerThousand, "0.000"),
                figure.Spread is { } spread ? $"{Number(spread.Low, "0.000")} … {Number(spread.High, "0.000")}" : "",
                Number(figure.PerSecond, "N0"),
                Number(figure.P50?.TotalMilliseconds, "0.00"),
                Number(figure.P99?.TotalMilliseconds, "0.00"));
        }

        console.Write(table);

        var facts = new Table().Border(TableBorder.Rounded).HideHeaders();
        facts.AddColumn("fact");
        facts.AddColumn(new TableColumn("value").RightAligned());
        facts.AddRow($"resident set per idle session, of {result.Sessions:N0}", $"{Number(result.RssPerSession, "N0")} B");
        facts.AddRow($"proportional set per idle session, of {result.Sessions:N0}", $"{Number(result.PssPerSession, "N0")} B");
        facts.AddRow("resident set, warmed up, no clients", $"{Number(result.EmptyRss / 1048576.0, "N0")} MiB");
        facts.AddRow($"cores in use while {result.Sessions:N0} sessions idle", Number(result.CoresAtRest, "0.000"));
        foreach (var (clients, ratio) in result.FlowRatios)
            facts.AddRow($"CPU of a flow with {clients:N0} clients : {result.FlowRatios.Keys.First():N0}", Number(ratio, "0.00"));
        console.Write(facts);
        if (result.Errors.Length > 0)
            console.MarkupLineInterpolated($"[red]Failed operations: {result.Errors}[/]");
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
