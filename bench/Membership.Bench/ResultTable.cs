using System.Globalization;
using System.Text;

namespace Firezone.Membership.Bench;

/// <summary>The result as a table in Markdown: median and worst of each column.</summary>
internal sealed class ResultTable(Plan plan, IReadOnlyList<Column> columns)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| what | target | {string.Join(" | ", columns.Select(Heading))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| --- | --- |{string.Concat(columns.Select(_ => " --- |"))}");
        foreach (var (row, unit, target) in Rows.All)
        {
            if (columns.Any(column => column.Values(row).Count > 0))
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row} | {target} | {string.Join(" | ", columns.Select(c => Cell(c.Values(row), unit)))} |");
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Median / worst (runs). {Plan.Silos} silos, 1 external client and PostgreSQL on one machine with {Environment.ProcessorCount} processors; "
            + $"each thing {plan.Runs} times, what takes about a minute {plan.SlowRuns} times.");
        return text.ToString();
    }

    private static string Heading(Column column) => column.IsStock ? "plain UseAdoNetClustering" : "UsePostgresMembership";

    private static string Cell(IReadOnlyList<double> values, string unit)
    {
        if (values.Count == 0)
            return "–";
        var median = values.Count % 2 == 1
            ? values[values.Count / 2]
            : (values[values.Count / 2 - 1] + values[values.Count / 2]) / 2;
        return $"{Text(median, unit)} / {Text(values[^1], unit)} ({values.Count.ToString(CultureInfo.InvariantCulture)})";
    }

    private static string Text(double value, string unit) => (value, unit) switch
    {
        (double.PositiveInfinity, _) => $"> {Plan.Cap.TotalSeconds:0} s",
        ( >= 10_000, "ms") => string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.0} s"),
        ( < 10, _) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}").TrimEnd(),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0} {unit}").TrimEnd(),
    };
}
