using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Tests.Cluster;

/// <summary>What sessions are told, and which are ended, when an administrator changes the database by hand.</summary>
public sealed class LiveChangesTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_disabled_policy_takes_the_resource_from_the_client_and_from_the_gateway()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("update policies set disabled_at = now() where id = $1", peers.Policy);
        await NextAsync(client.SessionId, "resource_deleted");
        await ExpectRejectAsync(gateway, client, peers);
    }

    [Fact]
    public async Task Access_under_another_policy_is_renewed_and_the_gateway_told_its_expiry()
    {
        var (peers, client, gateway) = await FlowAsync();
        var staff = await _cluster.Provisioner.CreateGroupAsync(peers.Account, "Staff");
        await _cluster.Provisioner.AddMemberAsync(staff, peers.Actor);
        var second = await _cluster.Provisioner.CreatePolicyAsync(staff, peers.Resource);
        await ExecuteAsync("delete from policies where id = $1", peers.Policy);

        var updated = (await NextAsync(gateway.SessionId, "access_authorization_expiry_updated"))!;
        Assert.Equal(client.Ticket.ClientId.ToString(), updated["client_id"]!.GetValue<string>());
        Assert.Equal([second], await PoliciesGrantedAsync(client.Ticket.ClientId));
    }

    [Fact]
    public async Task A_policy_with_other_conditions_that_still_grants_lets_the_resource_go_and_come_again()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync(
            """
            update policies set conditions = '[{"property":"remote_ip","operator":"is_in_cidr","values":["203.0.113.0/24"]}]' where id = $1
            """,
            peers.Policy);
        await NextAsync(client.SessionId, "resource_deleted");
        await NextAsync(client.SessionId, "resource_created_or_updated");
        await NextAsync(gateway.SessionId, "access_authorization_expiry_updated");
    }

    [Fact]
    public async Task An_authorization_that_is_deleted_by_hand_is_renewed_while_a_policy_grants()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("delete from policy_authorizations where account_id = $1", peers.Account);
        await NextAsync(gateway.SessionId, "access_authorization_expiry_updated");
        Assert.Equal([peers.Policy], await PoliciesGrantedAsync(client.Ticket.ClientId));
    }

    [Fact]
    public async Task A_resource_with_another_address_is_rejected_at_once()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("update resources set address = '10.99.0.0/16' where id = $1", peers.Resource);
        var updated = (await NextAsync(client.SessionId, "resource_created_or_updated"))!;
        Assert.Equal("10.99.0.0/16", updated["address"]!.GetValue<string>());
        await ExpectRejectAsync(gateway, client, peers);
        await NextAsync(gateway.SessionId, "access_authorization_expiry_updated");
    }

    [Fact]
    public async Task Every_gateway_of_the_account_hears_of_new_filters_and_of_a_new_slug()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        await ExecuteAsync("""update resources set filters = '[{"protocol":"icmp","ports":[]}]' where id = $1""", peers.Resource);
        Assert.Equal(peers.Resource.ToString(), (await NextAsync(gateway.SessionId, "resource_updated"))!["id"]!.GetValue<string>());
        await ExecuteAsync("update accounts set slug = slug || 'x' where id = $1", peers.Account);
        await NextAsync(gateway.SessionId, "init");
    }

    [Fact]
    public async Task A_revoked_token_closes_its_sessions_and_the_gateway_rejects_them()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("delete from client_tokens where account_id = $1", peers.Account);
        await NextAsync(client.SessionId, $"close:{CloseReason.TokenRevoked}");
        await ExpectRejectAsync(gateway, client, peers);
        await ExecuteAsync("delete from gateway_tokens where account_id = $1", peers.Account);
        await NextAsync(gateway.SessionId, $"close:{CloseReason.TokenRevoked}");
    }

    [Fact]
    public async Task A_deleted_device_is_closed_to_connect_anew()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("delete from clients where id = $1", client.Ticket.ClientId);
        await NextAsync(client.SessionId, $"close:{CloseReason.DeviceDeleted}");
        await ExpectRejectAsync(gateway, client, peers);
        await ExecuteAsync("delete from gateways where id = $1", gateway.Ticket.GatewayId);
        await NextAsync(gateway.SessionId, $"close:{CloseReason.DeviceDeleted}");
    }

    [Fact]
    public async Task A_deleted_account_ends_all_of_its_sessions()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var (client, gateway) = (await peers.ConnectClientAsync(), await peers.ConnectGatewayAsync());
        await ExecuteAsync("delete from accounts where id = $1", peers.Account);
        await NextAsync(client.SessionId, $"close:{CloseReason.TokenRevoked}");
        await NextAsync(gateway.SessionId, $"close:{CloseReason.TokenRevoked}");
    }

    [Fact]
    public async Task A_relay_is_closed_when_its_token_is_gone()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var relay = await peers.ConnectRelayAsync(Guid.NewGuid().ToString());
        await ExecuteAsync("delete from relay_tokens where id = $1", relay.Ticket.TokenId);
        await NextAsync(relay.SessionId, $"close:{CloseReason.TokenRevoked}");
    }

    [Fact]
    public async Task What_was_revoked_while_a_gateway_was_away_is_rejected_when_it_comes_back()
    {
        var (peers, client, gateway) = await FlowAsync();
        await gateway.Grain.Detach(gateway.SessionId);
        await ExecuteAsync("delete from policies where id = $1", peers.Policy);
        await NextAsync(client.SessionId, "resource_deleted");
        var back = await peers.ConnectGatewayAsync();
        Assert.Empty(JsonNode.Parse(back.Attached.Init!)!["authorizations"]!.AsArray());
        await ExpectRejectAsync(back, client, peers);
    }

    [Fact]
    public async Task A_session_whose_token_was_revoked_between_its_admission_and_its_attach_is_not_kept()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var ticket = await peers.AdmitClientAsync();
        await ExecuteAsync("delete from client_tokens where id = $1", ticket.TokenId);
        var session = _cluster.NewSession(ticket.AdmittedAt);
        var attached = await _cluster.Client.GetGrain<IClientGrain>(ticket.ClientId).Attach(session, ticket, null);
        // The silo may hear of the deletion just before or just after: the session is refused, or closed at once.
        if (attached.Status is AttachStatus.Attached)
            await NextAsync(session.SessionId, $"close:{CloseReason.TokenRevoked}");
        else
            Assert.Equal(AttachStatus.Gone, attached.Status);
    }

    [Fact]
    public async Task A_client_that_is_not_verified_any_more_loses_what_needs_it()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("update clients set verified_at = now() where id = $1", client.Ticket.ClientId);
        await ExecuteAsync(
            """update policies set conditions = '[{"property":"client_verified","operator":"is","values":["true"]}]' where id = $1""", peers.Policy);
        await NextAsync(client.SessionId, "resource_deleted");
        await NextAsync(client.SessionId, "resource_created_or_updated");
        await NextAsync(gateway.SessionId, "access_authorization_expiry_updated");
        await ExecuteAsync("update clients set verified_at = null where id = $1", client.Ticket.ClientId);
        await NextAsync(client.SessionId, "resource_deleted");
        await ExpectRejectAsync(gateway, client, peers);
    }

    [Fact]
    public async Task A_flow_that_was_granted_before_the_gateways_silo_heard_of_a_change_is_refused()
    {
        var (peers, client, gateway) = await FlowAsync();
        await ExecuteAsync("update policies set conditions = '[]', disabled_at = now() where id = $1", peers.Policy);
        await ExpectRejectAsync(gateway, client, peers);
        var late = new FlowRequest(
            client.SessionId, client.Ticket, peers.Resource, "{}"u8.ToArray(), peers.Policy, peers.Everyone, null,
            DateTimeOffset.UtcNow.AddHours(1), new FlowBasis(client.Ticket.AccountVersion, 1, 1), null, null);
        Assert.Equal(FlowFailure.NotFound, await gateway.Grain.AuthorizeFlow(late));
    }

    private async Task<(TestPeers Peers, Peer<IClientGrain, ClientTicket> Client, Peer<IGatewayGrain, GatewayTicket> Gateway)> FlowAsync()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var (gateway, client) = (await peers.ConnectGatewayAsync(), await peers.ConnectClientAsync());
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var authorize = (await NextAsync(gateway.SessionId, "authorize_flow"))!;
        Assert.True(await gateway.Grain.FlowAuthorized(gateway.SessionId, authorize["ref"]!.GetValue<string>()));
        await NextAsync(client.SessionId, "flow_created");
        return (peers, client, gateway);
    }

    private async Task ExpectRejectAsync(Peer<IGatewayGrain, GatewayTicket> gateway, Peer<IClientGrain, ClientTicket> client, TestPeers peers)
    {
        var rejected = (await NextAsync(gateway.SessionId, "reject_access"))!;
        Assert.Equal(client.Ticket.ClientId.ToString(), rejected["client_id"]!.GetValue<string>());
        Assert.Equal(peers.Resource.ToString(), rejected["resource_id"]!.GetValue<string>());
    }

    private Task<JsonNode?> NextAsync(Guid sessionId, string eventName) => _cluster.FrontEnd.NextAsync(sessionId, eventName);

    private async Task<List<Guid>> PoliciesGrantedAsync(Guid clientId)
    {
        await using var command = _cluster.Database.Write.CreateCommand("select policy_id from policy_authorizations where client_id = $1");
        command.Parameters.Add(new() { Value = clientId });
        await using var reader = await command.ExecuteReaderAsync();
        var policies = new List<Guid>();
        while (await reader.ReadAsync())
            policies.Add(reader.GetGuid(0));
        return policies;
    }

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using var command = _cluster.Database.Write.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }
}
