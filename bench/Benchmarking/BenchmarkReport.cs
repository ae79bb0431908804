using System.Globalization;
using System.Text;

namespace Firezone.Bench.Benchmarking;

/// <summary>Writes what runs found as Markdown: the table with the targets, then who used the machine meanwhile.</summary>
internal static class BenchmarkReport
{
    private const string Micro = "µs";
    private const string Rate = "/s";
    private const string Milli = "ms";

    private static readonly Row[] Rows =
    [
        new("connect of a known device, to `init`: CPU", Micro, "N0", Cost(Phases.Connects)) { AtMost = 275 },
        new("… per second", Rate, "N0", run => Find(run, Phases.Connects)?.PerSecond) { AtLeast = 3600 },
        new("… p99", Milli, "0.0", P99(Phases.Connects)),
        new("… paced: p50", Milli, "0.00", P50(Phases.PacedConnects)) { AtMost = 0.8 },
        new("… paced: p99", Milli, "0.0", P99(Phases.PacedConnects)),
        new("a session at rest, with heartbeats: resident set", "KiB", "0.0", Kibibytes(Phases.Rss)) { AtMost = 14 },
        new("… proportional set", "KiB", "0.0", Kibibytes(Phases.Pss)),
        new("heartbeat and its reply: CPU", Micro, "0.0", Cost(Phases.Heartbeats)) { AtMost = 22 },
        new("… per second", Rate, "N0", run => Find(run, Phases.Heartbeats)?.PerSecond),
        new("flow with a durable authorization: CPU", Micro, "N0", Cost(Phases.Flows)) { AtMost = 125 },
        new("… per second", Rate, "N0", run => Find(run, Phases.Flows)?.PerSecond) { AtLeast = 5000 },
        new("… p99", Milli, "0.0", P99(Phases.Flows)),
        new("… paced: p50", Milli, "0.00", P50(Phases.PacedFlows)) { AtMost = 0.6 },
        new("… paced: p99", Milli, "0.0", P99(Phases.PacedFlows)),
        new("… paced: CPU", Micro, "N0", Cost(Phases.PacedFlows)) { AtMost = 250 },
        new("push of a changed resource: CPU per delivery", Micro, "0.0", Cost(Phases.Pushes)) { AtMost = 15 },
        new("… until the last session has it", Milli, "N0", run => Value(run, Phases.LastPush)),
        new("disconnect: CPU", Micro, "N0", Cost(Phases.Closes)) { AtMost = 136 },
        new("all sessions at rest with heartbeats", "cores", "0.000", run => Find(run, Phases.Rest)?.ServerCores),
        new("the warmed-up process without sessions: resident set", "MiB", "N0", run => Value(run, Phases.EmptyRss) / 1048576),
    ];

    /// <summary>The tables.</summary>
    /// <param name="learned">The first run, which made the devices known.</param>
    /// <param name="runs">The others.</param>
    public static string Write(BenchmarkResult? learned, IReadOnlyList<BenchmarkResult> runs)
    {
        var text = new StringBuilder();
        var count = runs.Count == 1 ? "one run" : $"median of {runs.Count} runs";
        text.AppendLine(Invariant($"{runs[0].Sessions:N0} sessions, an `init` of {Value(runs[0], Phases.InitBytes):N0} bytes; {count}."));
        text.AppendLine();
        Table(text, ["what", "target", "figure", "lowest … highest", "holds"], Rows.Select(row => row.Cells(runs)), left: 2);
        if (learned is not null)
            Table(text, ["before, with a process of its own", "CPU", "per second", "p50", "p99"], Before(learned), left: 1);
        Table(
            text,
            ["phase", "operations", "server", "generator", "generator per operation", "others, PostgreSQL among them"],
            Cores(runs),
            left: 1);
        foreach (var failure in runs.Prepend(learned).SelectMany(run => run?.Failures ?? []))
            text.AppendLine($"FAILED: {failure}");
        foreach (var note in runs.Prepend(learned).SelectMany(run => run?.Notes ?? []))
            text.AppendLine($"Note: {note}");
        return text.ToString();
    }

    private static IEnumerable<string[]> Before(BenchmarkResult learned)
    {
        var fewest = learned.Phases.FirstOrDefault(phase => Phases.ClientsOf(phase.Key) is not null).Value;
        foreach (var (name, phase) in learned.Phases)
        {
            var what = Phases.ClientsOf(name) is { } clients
                ? Invariant($"flow with {clients:N0} clients connected ({phase.ServerCost / fewest.ServerCost:0.00}×), 8 under way")
                : "connect of a new device, to `init`";
            yield return
            [
                what, Invariant($"{phase.ServerCost:N0} {Micro}"), Invariant($"{phase.PerSecond:N0}"), Invariant($"{phase.P50:0.00} ms"),
                Invariant($"{phase.P99:0.0} ms"),
            ];
        }
    }

    private static IEnumerable<string[]> Cores(IReadOnlyList<BenchmarkResult> runs)
    {
        foreach (var name in runs[0].Phases.Keys)
        {
            double Median(Func<Measurement, double> of) =>
                Statistics.Median([.. runs.Select(run => Find(run, name)).OfType<Measurement>().Select(of)]);

            var operations = Median(phase => phase.Operations);
            yield return
            [
                name, Invariant($"{operations:N0}"), Invariant($"{Median(phase => phase.ServerCores):0.00} cores"),
                Invariant($"{Median(phase => phase.GeneratorCores):0.00} cores"),
                operations == 0 ? "" : Invariant($"{Median(phase => phase.GeneratorCost):0.0} µs"),
                Invariant($"{Median(phase => phase.OtherCores):0.00} cores"),
            ];
        }
    }

    private static void Table(StringBuilder text, string[] headings, IEnumerable<string[]> rows, int left)
    {
        text.AppendLine($"| {string.Join(" | ", headings)} |");
        text.AppendLine($"| {string.Join(" | ", headings.Select((_, column) => column < left ? "---" : "---:"))} |");
        foreach (var row in rows)
            text.AppendLine($"| {string.Join(" | ", row)} |");
        text.AppendLine();
    }

    private static Func<BenchmarkResult, double?> Cost(string phase) => run => Find(run, phase)?.ServerCost;

    private static Func<BenchmarkResult, double?> P50(string phase) => run => Find(run, phase)?.P50;

    private static Func<BenchmarkResult, double?> P99(string phase) => run => Find(run, phase)?.P99;

    private static Func<BenchmarkResult, double?> Kibibytes(string value) => run => Value(run, value) / 1024;

    private static Measurement? Find(BenchmarkResult run, string phase) => run.Phases.GetValueOrDefault(phase);

    private static double? Value(BenchmarkResult run, string name) => run.Values.TryGetValue(name, out var value) ? value : null;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
