using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Changes;

/// <summary>Relays are everybody's, so these tests have a portal of their own.</summary>
public sealed class RelayChangeTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Relays_that_come_and_go_are_told_to_clients_and_gateways_and_one_without_its_token_is_closed()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var (gateway, client) = (await scene.GatewayAsync(), await scene.ClientAsync());
        Assert.Empty(client.Init["relays"]!.AsArray());
        var token = await scene.RelayTokenAsync();
        var connect = Connect.Relay().WithToken(token.Text).With("ipv6", "2001:db8::9");
        using var relay = await V1Peer.ConnectAsync(fixture.Portal.FrontEndPort, "relay", connect);
        await relay.JoinAsync("""{"stamp_secret":"4c98bf59aa"}""");

        foreach (var peer in (ScenePeer[])[client, gateway])
        {
            await peer.ExpectAsync("relays_presence -0 +2");
            Assert.Equal(["203.0.113.9:3478", "[2001:db8::9]:3478"], peer.Last["connected"]!.AsArray().Select(r => r!["addr"]!.GetValue<string>()));
        }

        await scene.SqlAsync($"delete from relay_tokens where id = {token.Id}");
        await relay.Socket.ReceiveCloseAsync();
        Assert.Equal(401, await scene.StatusAsync(connect));
        await client.ExpectAsync("relays_presence -1 +0");
        await gateway.ExpectAsync("relays_presence -1 +0");
        await client.ReceivesAsync();
        await gateway.ReceivesAsync();
    }
}
