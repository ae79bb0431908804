using System.Text.Json.Nodes;
using Firezone.Grains.Accounts;
using Firezone.Grains.Sessions;
using Npgsql;

namespace Firezone.Grains.Tests.Cluster;

public sealed class AttachTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_change_of_the_account_while_a_gateway_attaches_is_not_lost()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        await peers.ConnectClientAsync();
        var slug = $"renamed-{Guid.NewGuid():N}"[..20];
        var ticket = await peers.AdmitGatewayAsync();
        var session = _cluster.NewSession(ticket.AdmittedAt);
        await using var connection = await _cluster.Database.Write.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "lock table policy_authorizations in access exclusive mode");

        var attach = _cluster.Client.GetGrain<Abstractions.Gateways.IGatewayGrain>(ticket.GatewayId).Attach(session, ticket, null);
        await EventuallyAsync(() => Task.FromResult(_cluster.Service<LocalSessions>().All().Any(s => s.SessionId == session.SessionId)));
        await using (var other = await _cluster.Database.Write.OpenConnectionAsync())
            await ExecuteAsync(other, $"update accounts set slug = '{slug}' where id = '{peers.Account}'");
        await EventuallyAsync(() => Task.FromResult(_cluster.Service<AccountSnapshots>().TryGet(peers.Account)?.Slug == slug));
        Assert.False(attach.IsCompleted);
        await transaction.RollbackAsync();

        var init = JsonNode.Parse((await attach).Init!)!;
        Assert.Equal(slug, init["account_slug"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_gateway_that_attaches_again_is_not_told_what_was_revoked_meanwhile()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var flowRef = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!["ref"]!.GetValue<string>();
        await gateway.Grain.FlowAuthorized(gateway.SessionId, flowRef);
        await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created");
        await using (var connection = await _cluster.Database.Write.OpenConnectionAsync())
            await ExecuteAsync(connection, $"delete from policies where id = '{peers.Policy}'");

        var again = await peers.ConnectGatewayAsync();
        Assert.Empty(JsonNode.Parse(again.Attached.Init!)!["authorizations"]!.AsArray());
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
