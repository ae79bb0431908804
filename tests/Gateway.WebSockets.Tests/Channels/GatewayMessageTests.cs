using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Channels;

public sealed class GatewayMessageTests
{
    [Theory]
    [InlineData("flow_authorized", """{"ref":"known"}""", """{"status":"ok","response":{}}""")]
    [InlineData("flow_authorized", """{"ref":"other"}""", """{"status":"error","response":{"reason":"invalid_ref"}}""")]
    [InlineData("flow_authorized", """{}""", """{"status":"error","response":{"reason":"unknown_message"}}""")]
    [InlineData("connection_ready", """{"ref":"known","gateway_payload":"p"}""", """{"status":"ok","response":{}}""")]
    [InlineData("connection_ready", """{"ref":"other","gateway_payload":null}""", """{"status":"error","response":{"reason":"invalid_ref"}}""")]
    [InlineData("create_flow", """{"resource_id":"x","connected_gateway_ids":[]}""", """{"status":"error","response":{"reason":"unknown_message"}}""")]
    public async Task An_answer_of_the_gateway_is_replied_to(string name, string payload, string expected)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await JoinedAsync(host);
        await peer.SendTextAsync($$"""{"topic":"gateway","event":"{{name}}","payload":{{payload}},"ref":6}""");
        Assert.Equal($$"""{"topic":"gateway","event":"phx_reply","payload":{{expected}},"ref":6}""", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task An_answer_that_cannot_be_passed_on_is_an_invalid_ref()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Gateway.OnAuthorized = _ => throw new SiloUnavailableException("gone");
        using var peer = await JoinedAsync(host);
        await peer.SendTextAsync("""{"topic":"gateway","event":"flow_authorized","payload":{"ref":"known"},"ref":6}""");
        Assert.Contains("invalid_ref", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task The_payload_of_an_old_gateway_is_passed_on_as_it_is()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await JoinedAsync(host);
        await peer.SendTextAsync("""{"topic":"gateway","event":"connection_ready","payload":{"ref":"known","gateway_payload":{"x": [1]}},"ref":6}""");
        Assert.Equal("""{"x": [1]}""", await host.Cluster.Gateway.Payloads.NextAsync());
    }

    [Fact]
    public async Task Candidates_name_their_clients()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await JoinedAsync(host);
        await peer.SendTextAsync(
            """{"topic":"gateway","event":"broadcast_ice_candidates","payload":{"client_ids":["11111111-1111-4111-8111-111111111111","x"],"candidates":["c"]},"ref":7}""");
        var (peers, candidates, invalidate) = await host.Cluster.Gateway.Ice.NextAsync();
        Assert.Equal([Guid.Parse("11111111-1111-4111-8111-111111111111")], peers);
        Assert.Equal(("c", false), (candidates.Single(), invalidate));
    }

    private static async Task<RawPeer> JoinedAsync(FrontEndHost host)
    {
        var peer = await host.OpenAsync(Connect.Gateway());
        await peer.SendTextAsync("""{"topic":"gateway","event":"phx_join","payload":null,"ref":0}""");
        await peer.ReceiveTextAsync();
        await peer.ReceiveTextAsync();
        return peer;
    }
}
