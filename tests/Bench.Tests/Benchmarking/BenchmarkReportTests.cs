using Firezone.Bench.Benchmarking;

namespace Firezone.Bench.Tests.Benchmarking;

public sealed class BenchmarkReportTests
{
    [Fact]
    public void The_median_of_the_runs_stands_beside_its_target()
    {
        var report = BenchmarkReport.Write(null, [Run(250), Run(270), Run(400)]);

        Assert.Contains("10,000 sessions, an `init` of 3,012 bytes; median of 3 runs.", report, StringComparison.Ordinal);
        Assert.Contains(
            "| connect of a known device, to `init`: CPU | ≤ 275 µs | 270 µs | 250 … 400 | yes |", report, StringComparison.Ordinal);
        Assert.Contains("| … per second | ≥ 3,600 /s | 3,000 /s | 3,000 … 3,000 | **no** |", report, StringComparison.Ordinal);
        Assert.Contains("| a session at rest, with heartbeats: resident set | ≤ 14.0 KiB | 13.0 KiB |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_run_did_not_measure_is_left_empty() =>
        Assert.Contains("| disconnect: CPU | ≤ 136 µs |  |  |  |", BenchmarkReport.Write(null, [Run(250)]), StringComparison.Ordinal);

    [Fact]
    public void Who_used_the_machine_is_told_of_every_phase() =>
        Assert.Contains(
            "| connect | 10,000 | 0.75 cores | 0.20 cores | 66.0 µs | 0.40 cores |",
            BenchmarkReport.Write(null, [Run(250)]),
            StringComparison.Ordinal);

    [Fact]
    public void A_flow_is_compared_with_that_of_the_fewest_clients()
    {
        var learned = Run(0) with
        {
            Phases = new() { [Phases.FlowsWith(10)] = Phase(200), [Phases.NewDevices] = Phase(900), [Phases.FlowsWith(10_000)] = Phase(230) },
        };
        var report = BenchmarkReport.Write(learned, [Run(250)]);
        Assert.Contains("| flow with 10,000 clients connected (1.15×), 8 under way | 230 µs |", report, StringComparison.Ordinal);
        Assert.Contains("| connect of a new device, to `init` | 900 µs |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_and_notes_are_told()
    {
        var report = BenchmarkReport.Write(null, [Run(250) with { Failures = ["flow: 1 x x"], Notes = ["connect: refused: 2 x 503"] }]);
        Assert.Contains("FAILED: flow: 1 x x", report, StringComparison.Ordinal);
        Assert.Contains("Note: connect: refused: 2 x 503", report, StringComparison.Ordinal);
    }

    private static BenchmarkResult Run(double cost) => new()
    {
        Sessions = 10_000,
        Phases = new() { [Phases.Connects] = Phase(cost) },
        Values = new() { [Phases.Rss] = 13 * 1024, [Phases.InitBytes] = 3012 },
        Failures = [],
        Notes = [],
    };

    private static Measurement Phase(double cost) => new()
    {
        Operations = 10_000,
        PerSecond = 3000,
        P50 = 1,
        P99 = 2,
        ServerCost = cost,
        GeneratorCost = 66,
        ServerCores = 0.75,
        GeneratorCores = 0.2,
        OtherCores = 0.4,
    };
}
