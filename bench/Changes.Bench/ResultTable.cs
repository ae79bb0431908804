using System.Globalization;
using System.Text;

namespace Firezone.Changes.Bench;

/// <summary>The result as a table in Markdown.</summary>
internal sealed class ResultTable(Plan plan, Rows rows)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("| what | target | figure |");
        text.AppendLine("| --- | --- | --- |");
        foreach (var (what, target, figure) in rows.All)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {target} | {figure} |");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Plan.Silos} silos (for memory one) and PostgreSQL as processes of one machine with "
            + $"{Environment.ProcessorCount} processors, load average {Load()}. CPU is user and kernel time of the processes, median "
            + $"(smallest … largest) of {plan.Rounds} blocks of {plan.Changes} changes, less what the same time costs at rest; bulk changes: of "
            + $"{plan.BulkRuns}, as it is. Clients have no sockets: their sessions are attached by the calls that a front-end makes, and pushes "
            + $"end in its observer. Memory is read after full collections.");
        return text.ToString();
    }

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
