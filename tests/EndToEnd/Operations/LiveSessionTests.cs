using System.Text.Json.Nodes;
using Firezone.EndToEnd.Flows;
using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Operations;

/// <summary>Single sessions, as those see them who run the portal.</summary>
public sealed class LiveSessionTests(LiveSessionTests.Fixture fixture) : IClassFixture<LiveSessionTests.Fixture>
{
    private readonly OperatedPortal _portal = fixture.Operated;

    public sealed class Fixture() : OperatedPortalFixture(Portal.CoHostedAsync);

    [Fact]
    public async Task A_session_that_is_disconnected_ends_on_the_wire_and_its_device_comes_again()
    {
        var account = await _portal.AccountAsync();
        using var client = await FlowScript.ClientAsync(_portal.Portal.FrontEndPort, account);
        await client.JoinAsync();
        var session = await _portal.SessionAsync(account, "client");

        var person = _portal.Operator();
        Assert.True(await person.RunAsync($"sessions disconnect {session} --reason test --yes") == 0, person.Error.ToString());

        Assert.Equal(1011, await client.Socket.ReceiveCloseAsync());
        await client.Socket.SendCloseAsync(1011);
        await Sessions.WaitUntilOpenAsync(_portal.Database, account, "client", 0);
        using var again = await FlowScript.ClientAsync(_portal.Portal.FrontEndPort, account);
        await again.JoinAsync();
        Assert.NotEqual(session, await _portal.SessionAsync(account, "client"));
    }

    [Fact]
    public async Task The_state_of_a_session_tells_what_is_so_and_no_secret()
    {
        var account = await _portal.AccountAsync();
        using var relay = await FlowScript.RelayAsync(_portal.Portal.FrontEndPort, account);
        await relay.JoinAsync("""{"stamp_secret":"the-stamp-secret"}""");
        using var gateway = await FlowScript.GatewayAsync(_portal.Portal.FrontEndPort, account);
        await gateway.JoinAsync();
        using var client = await FlowScript.ClientAsync(_portal.Portal.FrontEndPort, account);
        var init = await client.JoinAsync();
        await client.SendAsync("create_flow", $$"""{"resource_id":"{{account.Resource}}","connected_gateway_ids":[]}""");
        var authorize = await gateway.UntilAsync("authorize_flow");

        var ofClient = $"/v1/sessions/{await _portal.SessionAsync(account, "client")}/state";
        var waiting = await _portal.GetAsync(ofClient);
        Assert.Equal(1, (int)waiting["socket"]!["open_flows"]!);
        Assert.True((double)waiting["socket"]!["silent_seconds"]! < 60);
        Assert.Equal("Ada", (string)waiting["actor_name"]!);
        Assert.Equal(1, (int)waiting["grain"]!["resources"]!);
        Assert.Equal((string)waiting["grain"]!["silo"]!, (string)waiting["socket"]!["silo"]!);
        Assert.Equal((long)waiting["account_version"]!, (long)waiting["grain"]!["snapshot_version"]!);
        var ofGateway = await _portal.GetAsync($"/v1/sessions/{await _portal.SessionAsync(account, "gateway")}/state");
        Assert.Equal((1, 1), ((int)ofGateway["grain"]!["authorizations"]!, (int)ofGateway["grain"]!["flows_under_way"]!));

        await gateway.SendAsync("flow_authorized", $$"""{"ref":"{{authorize["ref"]}}"}""");
        var created = await client.UntilAsync("flow_created");
        var answered = await _portal.GetAsync(ofClient);
        Assert.Equal(0, (int)answered["socket"]!["open_flows"]!);
        Assert.Equal(2, (int)answered["socket"]!["messages_received"]!);
        // Reply, init and flow_created; and the relay, if it was told of after the join.
        Assert.InRange((int)answered["socket"]!["messages_sent"]!, 3, 4);

        string?[] secrets =
        [
            account.Client.Text, account.Gateway.Text, account.Relay.Text, "the-stamp-secret", (string?)created["preshared_key"],
            (string?)created["client_ice_credentials"]!["password"], (string?)created["gateway_ice_credentials"]!["password"],
            .. init["relays"]!.AsArray().Select(entry => (string?)entry!["password"]),
        ];
        foreach (var state in (JsonNode[])[waiting, ofGateway, answered])
            Assert.All(secrets.OfType<string>(), secret => Assert.DoesNotContain(secret, state.ToJsonString(), StringComparison.Ordinal));

        var person = _portal.Operator();
        Assert.Equal(0, await person.RunAsync($"sessions show {ofClient.Split('/')[3]}"));
        Assert.Contains("of Ada, live", person.Out.ToString(), StringComparison.Ordinal);
    }
}
