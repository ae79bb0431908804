using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Flows;

namespace Firezone.Gateway.WebSockets.Tests.Channels;

public sealed class ClientMessageTests
{
    private const string Resource = "0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001";
    private const string Peer = "22222222-2222-4222-8222-222222222222";
    private const string Heartbeat = """{"topic":"phoenix","event":"heartbeat","payload":{},"ref":99}""";

    [Fact]
    public async Task A_flow_is_asked_for_and_not_replied_to()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await peer.SendTextAsync(Flow(Resource, Peer));
        await peer.SendTextAsync(Heartbeat);

        var (asked, resource, gateways) = await host.Cluster.Client.Flows.NextAsync();
        Assert.Equal((session.SessionId, Guid.Parse(Resource)), (asked, resource));
        Assert.Equal([Guid.Parse(Peer)], gateways);
        Assert.Contains("\"ref\":99", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_resource_id_that_is_no_uuid_is_not_found()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        await peer.SendTextAsync(Flow("nonsense"));
        Assert.Equal(
            """{"topic":"client","event":"flow_creation_failed","payload":{"resource_id":"nonsense","reason":"not_found"},"ref":null}""",
            await peer.ReceiveTextAsync());
        Assert.True(host.Cluster.Client.Flows.IsEmpty);
    }

    [Theory]
    [InlineData("create_flow", """{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001"}""")]
    [InlineData("create_flow", """{"connected_gateway_ids":[]}""")]
    [InlineData("create_flow", "null")]
    [InlineData("broadcast_ice_candidates", """{"gateway_ids":[]}""")]
    [InlineData("flow_authorized", """{"ref":"known"}""")]
    [InlineData("create_log_sink", "{}")]
    [InlineData("phx_reply", "{}")]
    public async Task Unknown_events_and_missing_members_are_unknown_messages(string name, string payload)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        await peer.SendTextAsync($$"""{"topic":"client","event":"{{name}}","payload":{{payload}},"ref":12}""");
        Assert.Equal(
            """{"topic":"client","event":"phx_reply","payload":{"status":"error","response":{"reason":"unknown_message"}},"ref":12}""",
            await peer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData("no_relays")]
    [InlineData("set_snownet_capabilities")]
    public async Task Messages_of_later_peers_are_ignored_silently(string name)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        await peer.SendTextAsync($$"""{"topic":"client","event":"{{name}}","payload":{},"ref":12}""");
        await peer.SendTextAsync(Heartbeat);
        Assert.Contains("\"ref\":99", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task Candidates_are_relayed_in_the_order_of_the_frames()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        for (var i = 0; i < 100; i++)
        {
            var name = i % 2 == 0 ? "broadcast_ice_candidates" : "broadcast_invalidated_ice_candidates";
            await peer.SendTextAsync(
                $$"""{"topic":"client","event":"{{name}}","payload":{"gateway_ids":["{{Peer}}"],"candidates":["c{{i}}"]},"ref":{{i}}}""");
        }

        for (var i = 0; i < 100; i++)
        {
            var (peers, candidates, invalidate) = await host.Cluster.Client.Ice.NextAsync();
            Assert.Equal([Guid.Parse(Peer)], peers);
            Assert.Equal(($"c{i}", i % 2 == 1), (candidates.Single(), invalidate));
        }
    }

    [Fact]
    public async Task Candidates_for_nobody_reach_no_grain()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        await peer.SendTextAsync("""{"topic":"client","event":"broadcast_ice_candidates","payload":{"gateway_ids":[],"candidates":["c"]},"ref":5}""");
        await peer.SendTextAsync(Heartbeat);
        Assert.Contains("\"ref\":99", await peer.ReceiveTextAsync());
        Assert.True(host.Cluster.Client.Ice.IsEmpty);
    }

    [Fact]
    public async Task A_slow_grain_does_not_keep_heartbeats_from_being_answered()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Client.OnCreateFlow = () => new TaskCompletionSource().Task;
        using var peer = await host.JoinedClientAsync();
        for (var i = 0; i < 31; i++)
            await peer.SendTextAsync(Flow(Resource));
        await peer.SendTextAsync(Heartbeat);
        Assert.Contains("\"ref\":99", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task With_too_many_calls_outstanding_the_socket_is_read_no_further_until_one_completes()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:MaxOutstandingCalls"] = "4" });
        var release = new TaskCompletionSource();
        host.Cluster.Client.OnCreateFlow = () => release.Task;
        using var peer = await host.JoinedClientAsync();
        for (var i = 0; i < 8; i++)
            await peer.SendTextAsync(Flow(Resource));
        await peer.SendTextAsync(Heartbeat);

        for (var i = 0; i < 4; i++)
            await host.Cluster.Client.Flows.NextAsync();
        Assert.True(host.Cluster.Client.Flows.IsEmpty);
        Assert.False(peer.HasBytes);

        release.SetResult();
        for (var i = 0; i < 4; i++)
            await host.Cluster.Client.Flows.NextAsync();
        Assert.Contains("\"ref\":99", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_flow_whose_silo_is_lost_is_asked_for_again_after_a_new_attach()
    {
        await using var host = await FrontEndHost.StartAsync();
        var client = host.Cluster.Client;
        using var peer = await host.JoinedClientAsync();
        await client.Attaches.NextAsync();
        var calls = 0;
        client.OnCreateFlow = () => ++calls == 1 ? throw new SiloUnavailableException("gone") : Task.CompletedTask;

        await peer.SendTextAsync(Flow(Resource));

        await client.Flows.NextAsync();
        var (_, resume) = await client.Attaches.NextAsync();
        Assert.Equal(1ul, resume!.ViewHash);
        await client.Flows.NextAsync();
    }

    [Fact]
    public async Task A_flow_that_cannot_be_asked_for_fails_as_offline()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Client.OnCreateFlow = () => throw new SiloUnavailableException("gone");
        using var peer = await host.JoinedClientAsync();
        await peer.SendTextAsync(Flow(Resource));
        Assert.Equal(
            $$"""{"topic":"client","event":"flow_creation_failed","payload":{"resource_id":"{{Resource}}","reason":"offline"},"ref":null}""",
            await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task The_deprecated_prepare_connection_is_replied_to()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();

        host.Cluster.Client.OnPrepare = () => Task.FromResult(new RequestReply(true, "{\"site_id\":1}"u8.ToArray()));
        await peer.SendTextAsync(Request("prepare_connection", $$"""{"resource_id":"{{Resource}}"}""", 9));
        Assert.Contains("""{"status":"ok","response":{"site_id":1}},"ref":9}""", await peer.ReceiveTextAsync());

        host.Cluster.Client.OnPrepare = () => throw new InvalidOperationException("no");
        await peer.SendTextAsync(Request("prepare_connection", $$"""{"resource_id":"{{Resource}}","connected_gateway_ids":[]}""", 10));
        Assert.Contains("""{"status":"error","response":{"reason":"offline"}},"ref":10}""", await peer.ReceiveTextAsync());

        await peer.SendTextAsync(Request("prepare_connection", """{"resource_id":"x"}""", 11));
        Assert.Contains("""{"status":"error","response":{"reason":"not_found"}},"ref":11}""", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task The_deprecated_connection_requests_may_be_replied_to_later()
    {
        await using var host = await FrontEndHost.StartAsync();
        var client = host.Cluster.Client;
        using var peer = await host.JoinedClientAsync();
        var session = (await client.Attaches.NextAsync()).Session;

        await peer.SendTextAsync(Request("reuse_connection", $$"""{"payload":{"a":1},"gateway_id":"{{Peer}}","resource_id":"{{Resource}}"}""", 10));
        var (requestRef, request) = await client.Requests.NextAsync();
        Assert.Equal(("10", """{"a":1}""", null), (requestRef, System.Text.Encoding.UTF8.GetString(request.Payload), request.PresharedKey));
        await session.FrontEnd.Reply(session.SessionId, requestRef, true, "{\"late\":1}"u8.ToArray());
        Assert.Contains("""{"status":"ok","response":{"late":1}},"ref":10}""", await peer.ReceiveTextAsync());

        client.OnRequest = () => Task.FromResult<RequestReply?>(new RequestReply(false, "{\"reason\":\"forbidden\"}"u8.ToArray()));
        await peer.SendTextAsync(Request(
            "request_connection",
            $$"""{"gateway_id":"{{Peer}}","resource_id":"{{Resource}}","client_payload":"p","client_preshared_key":"k"}""",
            11));
        Assert.Equal("k", (await client.Requests.NextAsync()).Request.PresharedKey);
        Assert.Contains("""{"status":"error","response":{"reason":"forbidden"}},"ref":11}""", await peer.ReceiveTextAsync());

        await peer.SendTextAsync(Request("reuse_connection", $$"""{"gateway_id":"x","resource_id":"{{Resource}}","payload":1}""", 12));
        Assert.Contains("""{"status":"error","response":{"reason":"not_found"}},"ref":12}""", await peer.ReceiveTextAsync());
    }

    private static string Request(string name, string payload, int reference) =>
        $$"""{"topic":"client","event":"{{name}}","payload":{{payload}},"ref":{{reference}}}""";

    private static string Flow(string resource, params string[] gateways) => Request(
        "create_flow",
        $$"""{"resource_id":"{{resource}}","connected_gateway_ids":[{{string.Join(',', gateways.Select(g => $"\"{g}\""))}}]}""",
        4);
}
