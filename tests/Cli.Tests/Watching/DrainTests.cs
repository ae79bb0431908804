using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Watching;

public sealed class DrainTests
{
    private const string Id = "30000000-0000-0000-0000-000000000001";

    [Fact]
    public async Task Whoever_waits_sees_the_sessions_go_and_gets_the_end()
    {
        using var portal = await StartAsync();
        Answer(portal, "drainFrontEnd", "draining", 200);
        var left = new Queue<int>([120, 60, 0]);
        portal.World.Intercept = (context, _) =>
        {
            if (context.Request.Method == "GET" && left.TryDequeue(out var now))
                Answer(portal, "getFrontEnd", now == 0 ? "drained" : "draining", now);
            return Task.FromResult(false);
        };

        var outcome = (await portal.RunAsync($"drain front-end {Id} --wait --rate 50")).Good();

        Assert.Equal(["200", "120", "60", "0"], outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]));
        Assert.StartsWith($"front-end {Id}: drained, since 2026-01-01 00:00:00Z, by ops\nsessions: 0 of 200\n", outcome.Out);
        Assert.Equal("""{"rate":50}""", portal.World.Calls.First().Body!.ToJsonString());
        Assert.All(portal.Time.Waits, wait => Assert.True(wait <= TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Without_wait_the_present_state_is_shown()
    {
        using var portal = await StartAsync();
        Answer(portal, "drainFrontEnd", "draining", 200);

        var outcome = (await portal.RunAsync($"drain front-end {Id}")).Good();

        Assert.StartsWith($"front-end {Id}: draining, since 2026-01-01 00:00:00Z, until 2026-01-01 00:00:20Z, by ops\n", outcome.Out);
        Assert.Single(portal.World.Calls);
    }

    [Theory]
    [InlineData("serving", "taken it back")]
    [InlineData("stopping", "told to stop")]
    public async Task A_drain_that_ends_otherwise_is_no_success(string state, string words)
    {
        using var portal = await StartAsync();
        Answer(portal, "drainFrontEnd", "draining", 200);
        Answer(portal, "getFrontEnd", state, 100);

        var outcome = await portal.RunAsync($"drain front-end {Id} --wait");

        outcome.Bad(ExitCode.Refused);
        Assert.Contains(words, outcome.Error);
    }

    private static async Task<Portal> StartAsync()
    {
        var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_TOKEN"] = Contract.ContractWorld.OperatorToken;
        return portal;
    }

    private static void Answer(Portal portal, string operation, string state, int sessions) =>
        portal.World.Store.Answers[operation] = JsonNode.Parse(
            $$"""
            {"kind":"front_end","id":"{{Id}}","state":"{{state}}","sessions":{{sessions}},"sessions_at_start":200,
             "since":"2026-01-01T00:00:00Z","until":"2026-01-01T00:00:20Z","by":"ops"}
            """)!.AsObject();
}
