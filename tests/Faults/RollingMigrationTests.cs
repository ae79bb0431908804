using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;

namespace Firezone.Faults;

/// <summary>Silos with plain AdoNet clustering and silos with the PostgreSQL provider in one cluster.</summary>
public sealed class RollingMigrationTests(FaultDatabase database) : IClassFixture<FaultDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(70);

    [Fact]
    public async Task A_silo_of_each_provider_see_each_other_come_and_go()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var old = await cluster.StartSiloAsync(AdoNet);
        var recent = await cluster.StartSiloAsync();
        await NodeCluster.AgreeAsync([old, recent], [old, recent], TimeSpan.FromSeconds(10));
        var second = await cluster.StartSiloAsync(AdoNet);
        await NodeCluster.AgreeAsync([old, recent, second], [old, recent, second], TimeSpan.FromSeconds(10));

        old.Signal(NodeSignal.Terminate);
        Assert.Equal(0, await old.ExitAsync(Patience));
        await NodeCluster.AgreeAsync([recent, second], [recent, second], TimeSpan.FromSeconds(10));
    }

    [Fact]
    [Trait("Form", "Long")]
    public async Task A_cluster_moves_silo_by_silo_to_the_provider_and_back()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        List<NodeProcess> silos = [.. await cluster.StartSilosAsync(3, AdoNet)];
        var client = await cluster.StartClientAsync();
        await client.StartLoadAsync(concurrency: 4, grains: 300, pauseMilliseconds: 5);
        await MoveAsync(cluster, silos, launch => launch);
        await MoveAsync(cluster, silos, AdoNet);
        Assert.Equal(0, (await client.StopLoadAsync()).FailedAfterRetry);
        Assert.All(cluster.Silos, Watch.NobodyFlapped);
    }

    private static async Task MoveAsync(NodeCluster cluster, List<NodeProcess> silos, Func<NodeLaunch, NodeLaunch> change)
    {
        for (var i = 0; i < silos.Count; i++)
        {
            var leaver = silos[i];
            leaver.Signal(NodeSignal.Terminate);
            Assert.Equal(0, await leaver.ExitAsync(Patience));
            silos[i] = await cluster.StartSiloAsync(change);
            await NodeCluster.AgreeAsync(silos, silos, Patience);
        }
    }

    private static NodeLaunch AdoNet(NodeLaunch launch) => launch with { Provider = Provider.AdoNet };
}
