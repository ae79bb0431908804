using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Commands;

public sealed class LiveSessionTests
{
    [Fact]
    public async Task A_session_is_shown_with_its_socket_and_its_grain()
    {
        var outcome = await ShowAsync(
            """
            {"id":"s","kind":"client","device_id":"d","device_name":"laptop","actor_name":"Ada","version":"1.5.8","remote_ip":"198.51.100.7",
             "opened_at":"2026-01-01T00:00:00Z","ended_at":null,"account_version":17,
             "socket":{"serializer":1,"silent_seconds":12.5,"outbox_frames":3,"closing":null},"socket_problem":null,
             "grain":{"silo":"10.0.0.1:11111@1","snapshot_version":16,"relays":["r1","r2"]},"grain_problem":null}
            """);

        Assert.StartsWith("client laptop of Ada, live\n", outcome.Out);
        Assert.Matches(@"silent_seconds\s+12\.5", outcome.Out);
        Assert.Matches(@"outbox_frames\s+3", outcome.Out);
        Assert.DoesNotContain("closing", outcome.Out);
        Assert.Matches(@"silo\s+10\.0\.0\.1:11111@1", outcome.Out);
        Assert.Matches(@"relays\s+r1, r2", outcome.Out);
        Assert.Contains("a change is under way", outcome.Error);
    }

    [Fact]
    public async Task What_does_not_answer_is_said()
    {
        var outcome = await ShowAsync(
            """
            {"id":"s","kind":"gateway","device_id":"d","device_name":null,"ended_at":"2026-01-01T00:00:00Z","account_version":17,
             "socket":null,"socket_problem":"front_end_silent","grain":null,"grain_problem":"not_attached"}
            """);

        Assert.StartsWith("gateway d, ended 2026-01-01 00:00:00Z\n", outcome.Out);
        Assert.Contains("socket: front end silent\n", outcome.Out);
        Assert.Contains("grain: not attached\n", outcome.Out);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Nobody_is_disconnected_without_being_asked_about()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        portal.CanAsk = true;
        portal.Input = "n\n";

        (await portal.RunAsync($"sessions disconnect {ids["session"]}")).Bad(ExitCode.Usage);

        Assert.Empty(portal.World.Calls);
    }

    private static async Task<Outcome> ShowAsync(string answer)
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        portal.World.Store.Answers["getSessionState"] = JsonNode.Parse(answer)!.AsObject();
        return (await portal.RunAsync($"sessions show {ids["session"]}")).Good();
    }
}
