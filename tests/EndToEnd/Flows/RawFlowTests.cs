using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Flows;

/// <summary>Raw v1 peers, written to the letter of the protocol, against a co-hosted portal process.</summary>
public sealed class RawFlowTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private readonly Portal _portal = fixture.Portal;

    [Fact]
    public async Task Raw_peers_get_a_flow_with_relays_on_both_sides()
    {
        await using var database = new Database(_portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var relay = await FlowScript.RelayAsync(_portal.FrontEndPort, account);
        Assert.Empty((await relay.JoinAsync("""{"stamp_secret":"4c98bf59aa"}""")).AsObject());
        using var gateway = await FlowScript.GatewayAsync(_portal.FrontEndPort, account);
        var gatewayInit = await gateway.JoinAsync();
        Assert.True(gatewayInit["config"]!["ipv4_masquerade_enabled"]!.GetValue<bool>());
        using var client = await FlowScript.ClientAsync(_portal.FrontEndPort, account);
        var init = await client.JoinAsync();
        Assert.Equal(account.Resource.ToString(), init["resources"]![0]!["id"]!.GetValue<string>());

        await FlowScript.RunAsync(client, gateway, account);
        await client.HeartbeatAsync();
    }

    [Fact]
    public async Task A_second_join_replaces_the_channel_and_the_flow_still_works()
    {
        await using var database = new Database(_portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var gateway = await FlowScript.GatewayAsync(_portal.FrontEndPort, account);
        await gateway.JoinAsync();
        using var client = await FlowScript.ClientAsync(_portal.FrontEndPort, account);
        await client.JoinAsync();

        await client.SendAsync("phx_join", "null");
        Assert.Empty((await client.ExpectAsync("phx_close")).AsObject());
        Assert.Equal("phx_reply", (await client.ReceiveAsync())["event"]!.GetValue<string>());
        await client.ExpectAsync("init");
        await FlowScript.RunAsync(client, gateway, account);
    }

    [Fact]
    public async Task A_device_that_connects_again_closes_its_older_socket_and_keeps_its_addresses()
    {
        await using var database = new Database(_portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var older = await FlowScript.ClientAsync(_portal.FrontEndPort, account);
        var first = await older.JoinAsync();
        using var newer = await FlowScript.ClientAsync(_portal.FrontEndPort, account);
        var second = await newer.JoinAsync();

        await older.Socket.ReceiveCloseAsync();
        Assert.Equal(first["interface"]!["ipv4"]!.GetValue<string>(), second["interface"]!["ipv4"]!.GetValue<string>());
        await newer.HeartbeatAsync();
    }

    [Fact]
    public async Task A_gateway_whose_socket_is_reset_is_offline_for_the_next_request()
    {
        await using var database = new Database(_portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var gateway = await FlowScript.GatewayAsync(_portal.FrontEndPort, account);
        await gateway.JoinAsync();
        using var client = await FlowScript.ClientAsync(_portal.FrontEndPort, account);
        await client.JoinAsync();
        gateway.Socket.Reset();

        // The session's row ends in the same step in which the site forgets the gateway.
        await Sessions.WaitUntilOpenAsync(database, account, "gateway", 0);
        await client.SendAsync("create_flow", $$"""{"resource_id":"{{account.Resource}}","connected_gateway_ids":[]}""");
        Assert.Equal("offline", (await client.UntilAsync("flow_creation_failed"))["reason"]!.GetValue<string>());
    }
}
