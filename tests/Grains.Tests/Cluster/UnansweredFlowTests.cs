using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Gateways;

namespace Firezone.Grains.Tests.Cluster;

/// <summary>Flows that a gateway was asked for and has not acknowledged, and gateways that may hold what is not true any more.</summary>
public sealed class UnansweredFlowTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;
    private int _reconnects;

    [Fact]
    public async Task A_flow_that_an_earlier_connection_was_asked_for_in_vain_is_asked_for_again()
    {
        var (_, client, gateway, authorize) = await AskAsync();
        var session = await ReconnectAsync(gateway, gateway.Ticket);
        var again = (await NextAsync(session, "authorize_flow"))!;
        Assert.True(JsonNode.DeepEquals(authorize, again));
        Assert.True(await gateway.Grain.FlowAuthorized(session, again["ref"]!.GetValue<string>()));
        await NextAsync(client.SessionId, "flow_created");
        Assert.Equal(1, await CountRowsAsync(client));
    }

    [Fact]
    public async Task A_gateway_that_comes_back_with_another_key_holds_nothing_and_the_client_may_ask_again()
    {
        var (peers, client, gateway, authorize) = await AskAsync();
        var session = await ReconnectAsync(gateway, gateway.Ticket with { PublicKey = peers.NewKey() });
        await NextAsync(session, "reject_access");
        await ExpectOfflineAsync(client);
        await RowsGoneAsync(client);
        Assert.True(await gateway.Grain.FlowAuthorized(session, authorize["ref"]!.GetValue<string>()));
        await NextAsync(session, "reject_access");
    }

    [Fact]
    public async Task A_flow_that_is_not_acknowledged_for_a_minute_is_taken_back()
    {
        var (_, client, gateway, authorize) = await AskAsync();
        var directory = _cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0);
        var lease = await directory.Renew(_cluster.FrontEnd.Id, "fake", "local", 2);
        while (_cluster.FrontEnd.IsSilent(gateway.SessionId))
        {
            _cluster.Time.Advance(lease.Duration / 3);
            await directory.Renew(_cluster.FrontEnd.Id, "fake", "local", 2);
        }

        await NextAsync(gateway.SessionId, "reject_access");
        await ExpectOfflineAsync(client);
        await RowsGoneAsync(client);

        Assert.True(await gateway.Grain.FlowAuthorized(gateway.SessionId, authorize["ref"]!.GetValue<string>()));
        await NextAsync(gateway.SessionId, "reject_access");
    }

    [Fact]
    public async Task A_gateway_that_comes_back_gives_up_a_resource_that_was_altered_until_it_is_asked_anew()
    {
        var (peers, client, gateway, authorize) = await AskAsync();
        await AnswerAsync(client, gateway, gateway.SessionId, authorize);
        await using (var command = _cluster.Database.Write.CreateCommand("update resources set address = '10.98.0.0/16' where id = $1"))
        {
            command.Parameters.Add(new() { Value = peers.Resource });
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await NextAsync(gateway.SessionId, "reject_access");
        await NextAsync(gateway.SessionId, "access_authorization_expiry_updated");
        // The rejection may have been lost together with the connection.
        var session = await ReconnectAsync(gateway, gateway.Ticket);
        await NextAsync(session, "reject_access");

        await NextAsync(client.SessionId, "resource_created_or_updated");
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        await NextAsync(session, "resource_updated");
        authorize = (await NextAsync(session, "authorize_flow"))!;
        Assert.Equal("10.98.0.0/16", authorize["resource"]!["address"]!.GetValue<string>());
        await AnswerAsync(client, gateway, session, authorize);
        session = await ReconnectAsync(gateway, gateway.Ticket);
        await NextAsync(session, "resource_updated");
        Assert.True(_cluster.FrontEnd.IsSilent(session));
    }

    private async Task AnswerAsync(
        Peer<IClientGrain, ClientTicket> client, Peer<IGatewayGrain, GatewayTicket> gateway, Guid session, JsonNode authorize)
    {
        Assert.True(await gateway.Grain.FlowAuthorized(session, authorize["ref"]!.GetValue<string>()));
        await NextAsync(client.SessionId, "flow_created");
    }

    private async Task<(TestPeers Peers, Peer<IClientGrain, ClientTicket> Client, Peer<IGatewayGrain, GatewayTicket> Gateway, JsonNode Authorize)> AskAsync()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var (gateway, client) = (await peers.ConnectGatewayAsync(), await peers.ConnectClientAsync());
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        return (peers, client, gateway, (await NextAsync(gateway.SessionId, "authorize_flow"))!);
    }


    /// <summary>Another socket of the same gateway, the earlier one being gone.</summary>
    private async Task<Guid> ReconnectAsync(Peer<IGatewayGrain, GatewayTicket> gateway, GatewayTicket ticket)
    {
        var session = _cluster.NewSession(gateway.Ticket.AdmittedAt.AddSeconds(++_reconnects));
        _cluster.FrontEnd.Begin(session.SessionId, (await gateway.Grain.Attach(session, ticket, null)).FirstPush);
        return session.SessionId;
    }

    private async Task ExpectOfflineAsync(Peer<IClientGrain, ClientTicket> client) =>
        Assert.Equal("offline", (await NextAsync(client.SessionId, "flow_creation_failed"))!["reason"]!.GetValue<string>());

    private async Task RowsGoneAsync(Peer<IClientGrain, ClientTicket> client)
    {
        while (await CountRowsAsync(client) > 0)
            await Task.Yield();
    }

    private async Task<long> CountRowsAsync(Peer<IClientGrain, ClientTicket> client)
    {
        await using var command = _cluster.Database.Write.CreateCommand("select count(*) from policy_authorizations where client_id = $1");
        command.Parameters.Add(new() { Value = client.Ticket.ClientId });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task<JsonNode?> NextAsync(Guid sessionId, string eventName) => _cluster.FrontEnd.NextAsync(sessionId, eventName);
}
