using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;
using Xunit.Abstractions;

namespace Firezone.Faults;

/// <summary>Silos that end without a word.</summary>
public sealed class CrashTests(FaultDatabase database, ITestOutputHelper output) : IClassFixture<FaultDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_killed_silo_is_out_of_every_view_within_a_second()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(3);
        var client = await cluster.StartClientAsync();
        await client.WhenGatewaysAsync(live => live.Count == 3, 0, Patience);
        await client.StartLoadAsync(concurrency: 4, grains: 300, pauseMilliseconds: 5);
        await Watch.PassAsync(TimeSpan.FromSeconds(1), silos);

        var victim = silos[2];
        var (name, gateway) = (victim.Silo, victim.Gateway);
        var killed = victim.Signal(NodeSignal.Kill);
        var gone = await Task.WhenAll(silos.Take(2).Select(silo => silo.WhenViewAsync(view => view.IsGone(name), killed, Patience)));
        var dropped = await client.WhenGatewaysAsync(live => !live.Contains(gateway), killed, Patience);
        var load = await client.StopLoadAsync();

        var (slowest, atClient) = (Watch.Milliseconds(killed, gone.Max()), Watch.Milliseconds(killed, dropped));
        output.WriteLine($"silos after {slowest:0} ms, client after {atClient:0} ms, {load}");
        Assert.InRange(slowest, 0, 1000);
        Assert.InRange(atClient, 0, 1000);
        Assert.Equal(0, load.FailedAfterRetry);
        Assert.True(silos[0].View.HasExactly([silos[0].Silo, silos[1].Silo]));
    }

    [Fact]
    public async Task After_all_silos_were_killed_the_first_new_one_is_active_within_five_seconds()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var before = await cluster.StartSilosAsync(3);
        foreach (var silo in before)
            silo.Signal(NodeSignal.Kill);
        await Task.WhenAll(before.Select(silo => silo.ExitAsync(Patience)));

        var started = NodeProcess.Now();
        var after = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.LaunchSiloAsync()));
        var first = await Task.WhenAny(after.Select(silo => silo.ActiveAsync(Patience)));
        var took = Watch.Milliseconds(started, await first);
        output.WriteLine($"first active after {took:0} ms");
        Assert.InRange(took, 0, 5000);
        await NodeCluster.AgreeAsync(after, after, Patience);
    }
}
