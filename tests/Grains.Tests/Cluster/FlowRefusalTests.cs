using Firezone.Grains.Abstractions.Flows;
using Npgsql;

namespace Firezone.Grains.Tests.Cluster;

public sealed class FlowRefusalTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_request_whose_ref_is_too_long_to_be_answered_leaves_no_authorization_behind()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        var connection = new LegacyConnection(gateway.Ticket.GatewayId, peers.Resource, "\"offer\""u8.ToArray(), "client-key");

        await Assert.ThrowsAnyAsync<Exception>(() => client.Grain.RequestConnection(client.SessionId, new string('1', 65), connection));
        // Rows are written in the order in which they were added: once this flow's row is there, an earlier one would be.
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var flowRef = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!["ref"]!.GetValue<string>();
        await gateway.Grain.FlowAuthorized(gateway.SessionId, flowRef);
        await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created");

        await using var command = _cluster.Database.Write.CreateCommand("select count(*) from policy_authorizations where client_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = client.Ticket.ClientId });
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }
}
