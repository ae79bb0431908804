using System.Globalization;
using System.Text.Json.Nodes;
using Firezone.Bench.Load;
using Firezone.Cli.Output;
using Spectre.Console;

namespace Firezone.Cli.Sizing;

/// <summary>What came of the load, for people or for machines.</summary>
internal static class SizingReport
{
    private static readonly string[] Headings =
        ["PHASE", "OPERATIONS", "PER SECOND", "P50 MS", "P99 MS", "P99.9 MS", "LONGEST MS", "FAILED", "REFUSED AT FIRST"];

    public static void Write(Surroundings surroundings, IReadOnlyList<SizingPhase> phases)
    {
        var table = Report.NewTable(Headings);
        foreach (var (name, count, perSecond, latencies, outcome) in Lines(phases))
        {
            string[] cells =
            [
                name, Number(count, "N0"), Number(perSecond, "N1"), Latency(latencies, 0.5), Latency(latencies, 0.99), Latency(latencies, 0.999),
                latencies.Count == 0 ? Cell.Nothing : Number(latencies.Longest.TotalMilliseconds, "N1"),
                outcome is null ? "" : Number(outcome.Failures.Total, "N0"), outcome is null ? "" : Number(outcome.Refusals.Total, "N0"),
            ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        surroundings.Renderer().Write(table);
        foreach (var (name, outcome) in phases)
        {
            Say(name, "refused", outcome.Refusals);
            Say(name, "failed", outcome.Failures);
            if (outcome.Skipped > 0)
                surroundings.Out.WriteLine($"{name}: {Number(outcome.Skipped, "N0")} could not begin in time: every client was busy");
        }

        void Say(string name, string what, Tally tally)
        {
            foreach (var (words, count) in tally.Counts)
                surroundings.Out.WriteLine($"{name}: {what}: {Number(count, "N0")} x {Printable.Of(words)}");
        }
    }

    public static JsonObject ToJson(Target target, SizingPlan plan, IReadOnlyList<SizingPhase> phases, bool complete) => new()
    {
        ["target"] = target.EndPoint.ToString(),
        ["complete"] = complete,
        ["clients"] = plan.Clients,
        ["gateways"] = plan.Gateways,
        ["phases"] = new JsonArray([.. Lines(phases).Select(line => new JsonObject
        {
            ["name"] = line.Name,
            ["operations"] = line.Count,
            ["per_second"] = Math.Round(line.PerSecond, 2),
            ["p50_ms"] = Milliseconds(line.Latencies, 0.5),
            ["p99_ms"] = Milliseconds(line.Latencies, 0.99),
            ["p999_ms"] = Milliseconds(line.Latencies, 0.999),
            ["longest_ms"] = line.Latencies.Count == 0 ? null : Math.Round(line.Latencies.Longest.TotalMilliseconds, 3),
            ["skipped"] = line.Outcome?.Skipped ?? 0,
            ["failures"] = Counts(line.Outcome?.Failures),
            ["refusals"] = Counts(line.Outcome?.Refusals),
        })]),
    };

    /// <summary>The phases, and the heartbeats of all of them together as the last line.</summary>
    private static IEnumerable<(string Name, long Count, double PerSecond, Histogram Latencies, Outcome? Outcome)> Lines(
        IReadOnlyList<SizingPhase> phases)
    {
        var heartbeats = new Histogram();
        var elapsed = TimeSpan.Zero;
        foreach (var (name, outcome) in phases)
        {
            yield return (name, outcome.Succeeded, outcome.PerSecond, outcome.Latencies, outcome);
            heartbeats.Add(outcome.Heartbeats);
            elapsed += outcome.Elapsed;
        }

        if (heartbeats.Count > 0)
            yield return ("heartbeats", heartbeats.Count, heartbeats.Count / elapsed.TotalSeconds, heartbeats, null);
    }

    private static JsonObject Counts(Tally? tally) =>
        new((tally?.Counts ?? []).Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));

    private static double? Milliseconds(Histogram latencies, double share) =>
        latencies.Count == 0 ? null : Math.Round(latencies.Quantile(share).TotalMilliseconds, 3);

    private static string Latency(Histogram latencies, double share) =>
        Milliseconds(latencies, share) is { } milliseconds ? Number(milliseconds, "N2") : Cell.Nothing;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
