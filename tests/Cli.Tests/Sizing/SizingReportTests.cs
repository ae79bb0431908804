using System.Net;
using Firezone.Bench.Load;
using Firezone.Cli.Sizing;

namespace Firezone.Cli.Tests.Sizing;

public sealed class SizingReportTests
{
    private static readonly SizingPlan Plan = new(100, 2, 50, 20, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
    private static readonly Target Target = new(new IPEndPoint(IPAddress.Loopback, 8081), "127.0.0.1:8081", "");

    [Fact]
    public void Failures_and_refusals_are_told_in_words_that_cannot_steer_a_terminal()
    {
        var text = new StringWriter();
        SizingReport.Write(Surroundings(text), [Phase()]);

        var lines = text.ToString().Split('\n');
        Assert.StartsWith("PHASE", lines[0], StringComparison.Ordinal);
        Assert.Contains("1.50", lines[1], StringComparison.Ordinal);
        Assert.Contains("flows: refused: 2 x 503 rate_limit", lines);
        Assert.Contains("flows: failed: 1 x \uFFFD[2J", lines);
    }

    [Fact]
    public void Machines_get_numbers()
    {
        var report = SizingReport.ToJson(Target, Plan, [Phase()], complete: false);
        var phase = report["phases"]![0]!;
        Assert.False((bool)report["complete"]!);
        Assert.Equal(1.5, (double)phase["p50_ms"]!, 0.02);
        Assert.Equal(2, (int)phase["refusals"]!["503 rate_limit"]!);
        Assert.Null(SizingReport.ToJson(Target, Plan, [new SizingPhase("rest", new Outcome())], complete: true)["phases"]![0]!["p50_ms"]);
    }

    [Theory]
    [InlineData(true, 5000, 500, 1)]
    [InlineData(false, 5000, 12.5, 13)]
    [InlineData(false, 5, 50, 5)]
    [InlineData(false, 5000, 500, 60)]
    public void Elsewhere_it_takes_a_token_for_every_connect_per_second(bool loopback, int clients, double rate, int tokens) =>
        Assert.Equal(tokens, (Plan with { Clients = clients, ConnectRate = rate }).Tokens(loopback));

    private static SizingPhase Phase()
    {
        var outcome = new Outcome();
        outcome.Latencies.Add(TimeSpan.FromMilliseconds(1.5));
        outcome.Refusals.Add("503 rate_limit", 2);
        outcome.Failures.Add("\u001b[2J");
        return new SizingPhase("flows", outcome);
    }

    private static Surroundings Surroundings(TextWriter output) => new()
    {
        Variable = _ => null,
        In = TextReader.Null,
        Out = output,
        Error = TextWriter.Null,
        Time = TimeProvider.System,
        ReadSecret = () => "",
    };
}
