using Firezone.Grains.Sessions;

namespace Firezone.Grains.Tests.Cluster;

public sealed class IdleDayTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_day_of_silence_pushes_nothing_and_leaves_nothing_behind()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var directory = _cluster.Client.GetGrain<Abstractions.FrontEnds.IFrontEndDirectoryGrain>(0);
        var lease = await directory.Renew(_cluster.FrontEnd.Id, "fake", "local", 2);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var flowRef = (await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow"))!["ref"]!.GetValue<string>();
        await gateway.Grain.FlowAuthorized(gateway.SessionId, flowRef);
        await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_created");
        var (pushes, sessions) = (_cluster.FrontEnd.PushCount, _cluster.Service<LocalSessions>().Count);

        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromDays(1); elapsed += lease.Duration / 3)
        {
            _cluster.Time.Advance(lease.Duration / 3);
            await directory.Renew(_cluster.FrontEnd.Id, "fake", "local", 2);
        }

        // A round trip through both grains: whatever the day has caused there is done.
        await client.Grain.SendIceCandidates(client.SessionId, [gateway.Ticket.GatewayId], ["c"], invalidate: false);
        await _cluster.FrontEnd.NextAsync(gateway.SessionId, "ice_candidates");
        Assert.Equal(pushes + 1, _cluster.FrontEnd.PushCount);
        Assert.Equal(sessions, _cluster.Service<LocalSessions>().Count);
        Assert.InRange(_cluster.Service<SessionSchedule>().Count, 0, 1);
    }
}
