using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;
using Firezone.Shared.Network;
using Xunit.Abstractions;

namespace Firezone.Faults.Network;

/// <summary>Silos in two clouds with the database outside both, and cuts between the three.</summary>
[Trait("Form", "Long")]
public sealed class TwoCloudTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(25);

    private TwoClouds _clouds = null!;
    private OwnPostgres? _server;
    private NodeCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _clouds = new TwoClouds();
        _server = await OwnPostgres.StartAsync((_clouds.Database, _clouds.Network));
        _cluster = new NodeCluster(Provider.Tested, _server.ConnectionString(await _server.CreateDatabaseAsync(), _clouds.Database));
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _clouds.Dispose();
    }

    [NetworkFact]
    public async Task When_the_link_between_the_clouds_is_cut_both_sides_come_to_the_same_view_and_keep_it()
    {
        var silos = await StartAsync(gcp: 2, azure: 2);
        _clouds.Azure.CutFrom(_clouds.Gcp.Address);
        var cut = NodeProcess.Now();

        var alive = await SettleAsync(silos, cut, TimeSpan.FromMinutes(3));
        Assert.NotEmpty(alive);
        output.WriteLine($"{alive.Length} of {silos.Length} silos are left, last change {Watch.Milliseconds(cut, alive.Max(silo => silo.View.Time)):0} ms after the cut");
        Assert.All(alive, silo => Assert.True(silo.View.HasExactly(alive.Select(s => s.Silo)), $"{silo.Silo}: {silo.View}"));
        Assert.All(silos, Watch.NobodyFlapped);

        _clouds.Azure.Heal();
        foreach (var dead in silos.Except(alive))
            await _cluster.StartSiloAsync(_ => dead.Launch);
        NodeProcess[] again = [.. _cluster.Silos.Where(silo => !silo.HasExited)];
        await NodeCluster.AgreeAsync(again, again, Patience);
        Assert.Equal(4, again.Length);
    }

    [NetworkFact]
    public async Task A_cloud_that_is_cut_off_from_the_database_only_loses_nobody()
    {
        var silos = await StartAsync(gcp: 2, azure: 1);
        var since = NodeProcess.Now();
        _clouds.Azure.CutFrom(_clouds.Database);
        // Longer than it takes for missed heartbeats to be judged, twice over.
        await Watch.PassAsync(TimeSpan.FromSeconds(40), silos);
        _clouds.Azure.Heal();
        await Watch.PassAsync(TimeSpan.FromSeconds(10), silos);
        Watch.NobodyWasEvicted(silos, silos, since);
    }

    [NetworkFact]
    public async Task A_cloud_that_is_cut_off_from_everything_is_evicted_within_sixteen_seconds_and_returns()
    {
        var silos = await StartAsync(gcp: 2, azure: 1);
        var (observers, lost) = (silos[..2], silos[2]);
        var name = lost.Silo;
        _clouds.Azure.CutFromEverything();
        var cut = NodeProcess.Now();
        var gone = await Task.WhenAll(observers.Select(silo => silo.WhenViewAsync(view => view.IsGone(name), cut, Patience)));
        output.WriteLine($"evicted after {Watch.Milliseconds(cut, gone.Max()):0} ms");
        Assert.InRange(Watch.Milliseconds(cut, gone.Max()), 0, 16_000);

        // It learns what became of it and ends; whoever looks after it starts it again.
        _clouds.Azure.Heal();
        Assert.NotEqual(0, await lost.ExitAsync(Patience));
        var again = await _cluster.StartSiloAsync(_ => lost.Launch);
        await NodeCluster.AgreeAsync([.. observers, again], [.. observers, again], Patience);
    }

    private async Task<NodeProcess[]> StartAsync(int gcp, int azure)
    {
        var silos = await Task.WhenAll(
            Enumerable.Repeat(_clouds.Gcp, gcp).Concat(Enumerable.Repeat(_clouds.Azure, azure)).Select(cloud => _cluster.StartSiloAsync(launch => launch with
            {
                NetworkNamespace = cloud.Namespace,
                Address = cloud.Address,
                Region = cloud.Region,
            })));
        await NodeCluster.AgreeAsync(silos, silos, Patience);
        return silos;
    }

    /// <summary>Waits until the views of those who live have not changed for a while.</summary>
    private static async Task<NodeProcess[]> SettleAsync(NodeProcess[] silos, long since, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(late.Token))
        {
            NodeProcess[] alive = [.. silos.Where(silo => !silo.HasExited)];
            var lastChange = Math.Max(since, alive.Select(silo => silo.View.Time).DefaultIfEmpty().Max());
            if (Watch.Milliseconds(lastChange, NodeProcess.Now()) > Settled.TotalMilliseconds)
                return alive;
        }

        throw new InvalidOperationException("Unreachable: the timer ends with the token.");
    }
}
