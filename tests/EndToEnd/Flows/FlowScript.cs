using System.Text.Json.Nodes;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Flows;

/// <summary>A complete flow between a raw client and a raw gateway.</summary>
internal static class FlowScript
{
    public static Task<V1Peer> ClientAsync(int port, TestAccount account, string externalId = "laptop") => V1Peer.ConnectAsync(
        port, "client", Connect.Client().WithToken(account.Client.Text).With("external_id", externalId).With("public_key", TestAccount.NewKey()));

    public static Task<V1Peer> GatewayAsync(int port, TestAccount account, string externalId = "gw") => V1Peer.ConnectAsync(
        port, "gateway", Connect.Gateway().WithToken(account.Gateway.Text).With("external_id", externalId).With("public_key", TestAccount.NewKey()));

    public static Task<V1Peer> RelayAsync(int port, TestAccount account) =>
        V1Peer.ConnectAsync(port, "relay", Connect.Relay().WithToken(account.Relay.Text));

    /// <summary>create_flow → authorize_flow → flow_authorized → flow_created, then candidates both ways.</summary>
    public static async Task RunAsync(V1Peer client, V1Peer gateway, TestAccount account)
    {
        await client.SendAsync("create_flow", $$"""{"resource_id":"{{account.Resource}}","connected_gateway_ids":[]}""");
        var creating = client.UntilFlowAsync();
        var authorizing = gateway.UntilAsync("authorize_flow");
        // Who is refused need not be waited for at the gateway.
        if (await Task.WhenAny(creating, authorizing) == creating)
            await creating;
        var authorize = await authorizing;
        await gateway.SendAsync("flow_authorized", $$"""{"ref":"{{authorize["ref"]}}"}""");
        var acknowledged = await gateway.ReceiveAsync();
        Assert.Equal("phx_reply", acknowledged["event"]!.GetValue<string>());
        var created = await creating;

        Assert.Equal(account.Resource.ToString(), created["resource_id"]!.GetValue<string>());
        Assert.Equal(account.Site.ToString(), created["gateway_group_id"]!.GetValue<string>());
        Assert.Equal(authorize["client"]!["preshared_key"]!.GetValue<string>(), created["preshared_key"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(authorize["client_ice_credentials"], created["client_ice_credentials"]));
        Assert.True(JsonNode.DeepEquals(authorize["gateway_ice_credentials"], created["gateway_ice_credentials"]));

        await client.SendAsync("broadcast_ice_candidates", $$"""{"gateway_ids":["{{created["gateway_id"]}}"],"candidates":["c1"]}""");
        Assert.Equal("c1", (await gateway.UntilAsync("ice_candidates"))["candidates"]![0]!.GetValue<string>());
        await gateway.SendAsync("broadcast_invalidated_ice_candidates", $$"""{"client_ids":["{{authorize["client"]!["id"]}}"],"candidates":["g1"]}""");
        Assert.Equal("g1", (await client.UntilAsync("invalidate_ice_candidates"))["candidates"]![0]!.GetValue<string>());
    }
}
