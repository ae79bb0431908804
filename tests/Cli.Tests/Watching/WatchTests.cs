using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Watching;

public sealed class WatchTests
{
    private static JsonObject Opened(string id, string at = "2026-01-01T00:00:01Z") => Parse(
        $$"""
        {"id":"{{id}}","kind":"client","device_id":"d","device_name":"laptop-{{id}}","token_id":"t","region":"eu","front_end":"fe-1",
         "remote_ip":"198.51.100.7","version":"1.5.8","opened_at":"{{at}}","ended_at":null}
        """);

    private static JsonObject Granted(string id) => Parse(
        $$"""
        {"id":"{{id}}","client_id":"c","client_name":"laptop","gateway_id":"g","gateway_name":null,"resource_id":"r","resource_name":"Wiki",
         "policy_id":"p","client_remote_ip":"198.51.100.7","expires_at":"2026-01-02T00:00:00Z","created_at":"2026-01-01T00:00:02Z"}
        """);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    [Fact]
    public async Task Sessions_and_flows_are_shown_one_a_line()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s1"));
            await events.SendAsync("heartbeat", new JsonObject { ["at"] = "2026-01-01T00:00:02Z" });
            await events.SendAsync("flow.granted", Granted("f1"));
            var ended = Opened("s1");
            ended["ended_at"] = "2026-01-01T00:00:03Z";
            await events.SendAsync("session.ended", ended);
        });

        var outcome = (await portal.RunAsync("watch --limit 3")).Good();

        Assert.Equal(
            """
            2026-01-01 00:00:01Z  + client laptop-s1 from 198.51.100.7, version 1.5.8, eu fe-1
            2026-01-01 00:00:02Z  > laptop to Wiki through g, until 2026-01-02 00:00:00Z
            2026-01-01 00:00:03Z  - client laptop-s1 from 198.51.100.7, version 1.5.8, eu fe-1, since 2026-01-01 00:00:01Z

            """,
            outcome.Out);
    }

    [Fact]
    public async Task Machines_get_one_JSON_object_a_line()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s1"));
            await events.SendAsync("session.opened", Opened("s2"));
        });
        var lines = (await portal.RunAsync("watch --limit 2 --json")).Good().Out.TrimEnd().Split('\n').Select(Parse).ToList();
        Assert.Equal(["s1", "s2"], lines.Select(line => (string?)line["data"]!["id"]));
        Assert.All(lines, line => Assert.Equal("session.opened", (string?)line["event"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lagging")]
    [InlineData("shutting_down")]
    public async Task A_stream_that_ends_is_taken_up_again_and_what_was_missed_is_shown(string? reason)
    {
        using var portal = await Portal.StartAsync();
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s1"));
            if (reason is not null)
                await events.SendAsync("end", new JsonObject { ["reason"] = reason });
            portal.Add("sessions", Opened("s2", "2026-01-01T00:00:05Z").ToJsonString());
            portal.Add("sessions", Opened("s1").ToJsonString());
            portal.Add("sessions", Opened("s0", "2025-12-31T00:00:00Z").ToJsonString());
            portal.Add("policy-authorizations", Granted("f1").ToJsonString());
        });
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync("2026-01-01T00:00:06Z");
            await events.SendAsync("session.opened", Opened("s2", "2026-01-01T00:00:05Z"));
            await events.SendAsync("session.opened", Opened("s3"));
        });

        var outcome = (await portal.RunAsync("watch --limit 4 --json")).Good();

        Assert.Equal(["s1", "f1", "s2", "s3"], outcome.Out.TrimEnd().Split('\n').Select(line => (string?)Parse(line)["data"]!["id"]));
        Assert.Contains("connecting again", outcome.Error);
        Assert.InRange(Assert.Single(portal.Time.Waits), TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public async Task Silence_counts_as_a_break()
    {
        using var portal = await Portal.StartAsync();
        using var output = new SignallingWriter("s1");
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s1"));
            await Task.Delay(Timeout.Infinite, events.Gone).ContinueWith(_ => { });
        });
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s2"));
        });

        var run = portal.RunAsync(["watch", "--limit", "2"], output, CancellationToken.None);
        await output.Seen;
        portal.Time.RunOut();

        Assert.Contains("fallen silent", (await run).Good().Error);
    }

    [Fact]
    public async Task A_token_that_is_revoked_ends_the_watch_with_1()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("end", new JsonObject { ["reason"] = "revoked" });
        });
        Assert.Contains("not good any more", (await portal.RunAsync("watch")).Bad(ExitCode.Refused).Error);
    }

    [Fact]
    public async Task A_first_connection_that_fails_is_not_tried_for_ever()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_URL"] = "http://127.0.0.1:1";
        (await portal.RunAsync("watch")).Bad(ExitCode.Unreachable);
    }

    [Fact]
    public async Task Too_many_streams_are_waited_for()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(new ContractProblem(429, "rate_limited", "Too many streams") { RetryAfter = "2" });
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s1"));
        });
        (await portal.RunAsync("watch --limit 1")).Good();
        Assert.Equal([TimeSpan.FromSeconds(2)], portal.Time.Waits);
    }

    [Fact]
    public async Task The_user_ends_it_without_an_error()
    {
        using var portal = await Portal.StartAsync();
        using var output = new SignallingWriter("s1");
        using var stop = new CancellationTokenSource();
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", Opened("s1"));
            await Task.Delay(Timeout.Infinite, events.Gone).ContinueWith(_ => { });
        });
        var run = portal.RunAsync(["watch"], output, stop.Token);
        await output.Seen;
        await stop.CancelAsync();
        (await run).Good();
    }
}
