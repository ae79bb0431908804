using System.Net;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.Sessions;

public sealed class LiveSessionTests(AdminCluster cluster) : IClassFixture<AdminCluster>
{
    private static readonly object Reason = new { reason = "stolen laptop" };

    [Fact]
    public async Task A_session_is_shown_as_its_front_end_and_its_grain_know_it()
    {
        var world = await ConnectedAsync();

        var reply = await world.Caller.GetAsync(State(world));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("laptop", reply.Body.GetProperty("device_name").GetString());
        Assert.Equal("Robot", reply.Body.GetProperty("actor_name").GetString());
        Assert.True(reply.Body.GetProperty("account_version").GetInt64() > 0);
        var socket = reply.Body.GetProperty("socket");
        Assert.Equal(12.5, socket.GetProperty("silent_seconds").GetDouble());
        Assert.Equal(4096, socket.GetProperty("outbox_bytes").GetInt64());
        Assert.Equal(0.25, socket.GetProperty("oldest_flow_seconds").GetDouble());
        // No grain holds it: the front-end is a test's.
        Assert.Equal(JsonValueKind.Null, reply.Body.GetProperty("grain").ValueKind);
        Assert.Equal("not_attached", reply.Body.GetProperty("grain_problem").GetString());
    }

    [Fact]
    public async Task A_front_end_that_does_not_answer_holds_nobody_up_for_long()
    {
        var world = await ConnectedAsync();
        var goesOn = new TaskCompletionSource();
        cluster.FrontEnd.Answering = goesOn.Task;
        try
        {
            var shown = await world.Caller.GetAsync(State(world));
            Assert.Equal("front_end_silent", shown.Body.GetProperty("socket_problem").GetString());

            var refused = await world.Caller.PostAsync(Disconnect(world), Reason);
            Assert.Equal((HttpStatusCode.GatewayTimeout, "node_silent"), (refused.Status, refused.Code));
            Assert.Contains(cluster.FrontEnd.Id.ToString(), refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Empty((await LogAsync(world)).EnumerateArray());
        }
        finally
        {
            cluster.FrontEnd.Answering = Task.CompletedTask;
            goesOn.SetResult();
        }
    }

    [Fact]
    public async Task A_session_that_is_ended_is_in_the_audit_log_with_the_reason()
    {
        var world = await ConnectedAsync();

        var reply = await world.Caller.PostAsync(Disconnect(world), Reason);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.True(reply.Body.GetProperty("was_connected").GetBoolean());
        Assert.False(cluster.FrontEnd.Sockets.ContainsKey(world["session_id"]));
        var entry = Assert.Single((await LogAsync(world)).EnumerateArray());
        Assert.Equal(world["session_id"], entry.GetProperty("target_id").GetGuid());
        Assert.Equal("stolen laptop", entry.GetProperty("after").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_session_that_its_front_end_does_not_have_ends_in_the_list()
    {
        var world = await ConnectedAsync();
        cluster.FrontEnd.Sockets.Clear();

        var reply = await world.Caller.PostAsync(Disconnect(world));

        Assert.False(reply.Body.GetProperty("was_connected").GetBoolean());
        var shown = await world.Caller.GetAsync(State(world));
        Assert.Equal("not_connected", shown.Body.GetProperty("socket_problem").GetString());
        Assert.Equal(JsonValueKind.String, shown.Body.GetProperty("ended_at").ValueKind);
    }

    [Fact]
    public async Task An_operator_ends_any_session_and_a_reader_none()
    {
        var world = await ConnectedAsync();
        var reader = await cluster.Host.CallerAsync(world.Caller.AccountId, world.Caller.ActorId, "reader");
        var op = await cluster.Host.OperatorAsync();

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(State(world))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync(Disconnect(world))).Status);
        Assert.Equal(HttpStatusCode.OK, (await op.GetAsync(State(world))).Status);
        Assert.Equal(HttpStatusCode.OK, (await op.PostAsync(Disconnect(world), Reason)).Status);

        // In the account's own log: its administrators see what operators do to their sessions.
        Assert.Single((await LogAsync(world)).EnumerateArray());
    }

    [Theory]
    [InlineData("""{"reason":""}""")]
    [InlineData("""{"reason":"a\u0001"}""")]
    [InlineData("""{"why":"x"}""")]
    public async Task A_reason_is_a_bounded_text(string body)
    {
        var world = await ConnectedAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await world.Caller.PostAsync(Disconnect(world), body)).Status);
    }

    private static string State(AccountWorld world) => $"/v1/sessions/{world["session_id"]}/state";

    private static string Disconnect(AccountWorld world) => $"/v1/sessions/{world["session_id"]}/disconnect";

    private static async Task<JsonElement> LogAsync(AccountWorld world) =>
        (await world.Caller.GetAsync("/v1/audit-log?action=session.disconnect")).Body.GetProperty("data");

    private async Task<AccountWorld> ConnectedAsync()
    {
        var world = await AccountWorld.CreateAsync(cluster.Host);
        await cluster.ConnectAsync(world);
        return world;
    }
}
