using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Secrets;
using Npgsql;

namespace Firezone.Grains.Tests.Cluster;

public sealed class FlowTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_flow_gives_both_sides_the_same_keys_and_is_a_row_before_the_client_is_told()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();

        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var authorize = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!;
        Assert.True(await gateway.Grain.FlowAuthorized(gateway.SessionId, authorize["ref"]!.GetValue<string>()));
        var created = (await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created"))!;

        Assert.Equal(1, await CountRowsAsync(client.Ticket.ClientId));
        Assert.Equal(authorize["client"]!["preshared_key"]!.GetValue<string>(), created["preshared_key"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(authorize["client_ice_credentials"], created["client_ice_credentials"]));
        Assert.True(JsonNode.DeepEquals(authorize["gateway_ice_credentials"], created["gateway_ice_credentials"]));
        Assert.Equal(gateway.Ticket.PublicKey, created["gateway_public_key"]!.GetValue<string>());
        Assert.Equal(gateway.Ticket.Ipv4, created["gateway_ipv4"]!.GetValue<string>());
        Assert.Equal(client.Ticket.Ipv6, authorize["client"]!["ipv6"]!.GetValue<string>());
        var expected = FlowSecrets.PresharedKey(
            client.Ticket.ClientId, gateway.Ticket.GatewayId, client.Ticket.PublicKey, gateway.Ticket.PublicKey, client.Ticket.PskBase, gateway.Ticket.PskBase);
        Assert.Equal(expected, created["preshared_key"]!.GetValue<string>());
    }

    [Fact]
    public async Task Candidates_cross_both_ways_within_an_account_and_never_between_accounts()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var strangers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var stranger = await strangers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();

        await client.Grain.SendIceCandidates(client.SessionId, [stranger.Ticket.GatewayId, gateway.Ticket.GatewayId], ["from-client"], invalidate: false);
        var toGateway = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "ice_candidates"))!;
        Assert.Equal(client.Ticket.ClientId.ToString(), toGateway["client_id"]!.GetValue<string>());

        await gateway.Grain.SendIceCandidates(gateway.SessionId, [client.Ticket.ClientId], ["from-gateway"], invalidate: true);
        var toClient = (await _cluster.FrontEnd.NextAsync(client.SessionId, "invalidate_ice_candidates"))!;
        Assert.Equal("from-gateway", toClient["candidates"]![0]!.GetValue<string>());
        Assert.True(_cluster.FrontEnd.IsSilent(stranger.SessionId));
    }

    [Theory]
    [InlineData("not_found")]
    [InlineData("offline")]
    [InlineData("version_mismatch")]
    public async Task A_request_that_cannot_be_granted_is_answered_with_its_reason(string reason)
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        if (reason == "version_mismatch")
            await peers.ConnectGatewayAsync(version: "1.2.0");
        var client = await peers.ConnectClientAsync();
        var resource = reason == "not_found" ? Guid.NewGuid() : peers.Resource;

        await client.Grain.CreateFlow(client.SessionId, resource, []);
        var failed = (await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_creation_failed"))!;
        Assert.Equal(reason, failed["reason"]!.GetValue<string>());
        Assert.Equal(resource.ToString(), failed["resource_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_ref_is_good_only_for_the_gateway_that_it_was_given_to()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var flowRef = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!["ref"]!.GetValue<string>();

        var other = await peers.ConnectGatewayAsync("other");
        Assert.False(await other.Grain.FlowAuthorized(other.SessionId, flowRef));
        Assert.False(await gateway.Grain.FlowAuthorized(gateway.SessionId, "x" + flowRef));
        Assert.True(_cluster.FrontEnd.IsSilent(client.SessionId));
    }

    [Fact]
    public async Task A_ref_may_be_answered_twice_and_the_client_is_told_once()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var flowRef = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!["ref"]!.GetValue<string>();

        Assert.True(await gateway.Grain.FlowAuthorized(gateway.SessionId, flowRef));
        await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created");
        Assert.True(await gateway.Grain.FlowAuthorized(gateway.SessionId, flowRef));
        await client.Grain.CreateFlow(client.SessionId, Guid.NewGuid(), []);
        await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_creation_failed");
    }

    [Fact]
    public async Task An_answer_on_a_new_connection_of_the_gateway_still_finds_the_client()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var authorize = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!;
        await gateway.Grain.Detach(gateway.SessionId);

        // The same process with the same key, so that what it has installed is what the client will be told.
        var session = _cluster.NewSession(gateway.Ticket.AdmittedAt.AddSeconds(1));
        _cluster.FrontEnd.Begin(session.SessionId, (await gateway.Grain.Attach(session, gateway.Ticket, null)).FirstPush);
        Assert.True(await gateway.Grain.FlowAuthorized(session.SessionId, authorize["ref"]!.GetValue<string>()));
        var created = (await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created"))!;
        Assert.Equal(authorize["client"]!["preshared_key"]!.GetValue<string>(), created["preshared_key"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_flow_whose_gateway_leaves_before_it_answers_and_stays_away_is_refused()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow");

        await gateway.Grain.Detach(gateway.SessionId);

        var failed = (await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_creation_failed"))!;
        Assert.Equal("offline", failed["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_flow_whose_policy_is_deleted_meanwhile_is_taken_back_on_both_sides()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        var request = new FlowRequest(
            client.SessionId, client.Ticket, peers.Resource, "{}"u8.ToArray(), Guid.NewGuid(), peers.Everyone, null, DateTimeOffset.UtcNow.AddHours(1), new FlowBasis(0, 1, 1), null, null);

        Assert.Null(await gateway.Grain.AuthorizeFlow(request));
        await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow");
        var rejected = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "reject_access"))!;
        Assert.Equal(peers.Resource.ToString(), rejected["resource_id"]!.GetValue<string>());
        var failed = (await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_creation_failed"))!;
        Assert.Equal("not_found", failed["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_reconnecting_gateway_is_told_the_authorizations_that_it_serves()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var flowRef = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!["ref"]!.GetValue<string>();
        await gateway.Grain.FlowAuthorized(gateway.SessionId, flowRef);
        await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created");

        var again = await peers.ConnectGatewayAsync();
        var entry = Assert.Single(JsonNode.Parse(again.Attached.Init!)!["authorizations"]!.AsArray())!;
        Assert.Equal(client.Ticket.ClientId.ToString(), entry["client_id"]!.GetValue<string>());
        Assert.Equal(client.Ticket.TokenExpiresAt.ToUnixTimeSeconds(), entry["expires_at"]!.GetValue<long>());
    }

    [Fact]
    public async Task Deprecated_requests_of_old_clients_are_answered_through_the_gateway()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();

        var prepared = await client.Grain.PrepareConnection(client.SessionId, peers.Resource, []);
        Assert.True(prepared.Ok);
        Assert.Equal("203.0.113.50", JsonNode.Parse(prepared.Response)!["gateway_remote_ip"]!.GetValue<string>());

        var connection = new LegacyConnection(gateway.Ticket.GatewayId, peers.Resource, "\"offer\""u8.ToArray(), "client-key");
        Assert.Null(await client.Grain.RequestConnection(client.SessionId, "11", connection));
        var request = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "request_connection"))!;
        Assert.Equal("client-key", request["client"]!["peer"]!["preshared_key"]!.GetValue<string>());
        Assert.True(await gateway.Grain.ConnectionReady(gateway.SessionId, request["ref"]!.GetValue<string>(), "\"answer\""u8.ToArray()));
        var reply = (await _cluster.FrontEnd.NextAsync(client.SessionId, "reply:11:ok"))!;
        Assert.Equal("answer", reply["gateway_payload"]!.GetValue<string>());

        var unknown = await client.Grain.RequestConnection(client.SessionId, "12", connection with { GatewayId = Guid.NewGuid() });
        Assert.Equal("""{"reason":"offline"}"""u8, unknown!.Response);
    }

    private async Task<long> CountRowsAsync(Guid clientId)
    {
        await using var command = _cluster.Database.Write.CreateCommand("select count(*) from policy_authorizations where client_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = clientId });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
