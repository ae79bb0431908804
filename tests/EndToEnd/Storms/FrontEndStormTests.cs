using Xunit.Abstractions;

namespace Firezone.EndToEnd.Storms;

/// <summary>All devices connect at once, and one of two front-ends dies meanwhile.</summary>
[Collection(StormsCollection.Name)]
public sealed class FrontEndStormTests(ITestOutputHelper output)
{
    private const int Survivor = 0;
    private const int Victim = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_storm_against_two_front_ends_of_which_one_is_killed_ends_with_everybody_connected()
    {
        await using var ensemble = await Ensemble.CreateAsync();
        await StormAsync(ensemble, devices: 600, established: 50);
    }

    [Fact]
    [Trait("Form", "Long")]
    public async Task A_great_storm_against_two_front_ends_of_which_one_is_killed_is_not_felt_by_established_sessions()
    {
        const int Established = 300;
        await using var ensemble = await Ensemble.CreateDurableAsync();
        // In the end one process has them all.
        var (heartbeat, took) = await StormAsync(ensemble, Math.Min(20_000, Machine.Sockets - Established), Established);

        Assert.InRange(took.TotalSeconds, 0, 60);
        Assert.InRange(heartbeat.TotalMilliseconds, 0, 250);
    }

    private async Task<(TimeSpan Heartbeat, TimeSpan Took)> StormAsync(Ensemble ensemble, int devices, int established)
    {
        var population = await Population.CreateAsync(ensemble.ConnectionString, devices + established, gateways: 4, resources: 10);
        await ensemble.StartAsync(silos: 1, frontEnds: 2);
        await using var balancer = new Balancer(ensemble.FrontEnds);
        // Of two threads, or the heartbeats would wait for what the others receive.
        await using var settled = new Crowd(balancer, population.Resources, seed: 1);
        await using var crowd = new Crowd(balancer, population.Resources, seed: 2);
        await settled.ConnectAsync(population.Gateways, Survivor);
        await settled.ConnectAsync([.. population.Clients.Take(established)], Survivor, watched: true, asking: true);
        await settled.WhenAllReadyAsync(Patience);
        await settled.AskAsync(perSecond: 5);
        await settled.WhenAsync(
            () => settled.Figures.Heartbeats.Count >= 5 * established && settled.Figures.Flows.Count >= 20, Patience, "at work");
        output.WriteLine($"before the storm, load {Machine.Load}, {ensemble.FrontEnds[Survivor].Memory()} MiB: {await settled.TakeAsync()}");

        await crowd.ConnectAsync([.. population.Clients.Skip(established)]);
        var toThird = await crowd.WhenAsync(() => crowd.Ready >= devices / 3, Patience, "a third connected");
        await ensemble.FrontEnds[Victim].KillAsync();
        await crowd.WhenAsync(() => crowd.Figures.Losses.Total + crowd.Figures.FailedConnects.Total > 0, Patience, "noticed");
        var took = await crowd.WhenAllReadyAsync(Patience);
        var (felt, storm) = (await settled.TakeAsync(), await crowd.TakeAsync());
        output.WriteLine(
            $"storm of {devices}, load {Machine.Load}: a third after {toThird.TotalSeconds:0.0} s, the kill, all {took.TotalSeconds:0.0} s later");
        output.WriteLine($"those before: {felt}");
        output.WriteLine($"those of the storm: {storm}");
        output.WriteLine($"survivor: resident and at most {ensemble.FrontEnds[Survivor].Memory()} MiB, slowest health {balancer.Slowest(Survivor)}; "
            + $"silo {ensemble.Silos[0].Memory()} MiB");

        Assert.Equal(0, storm.OtherRefusals.Total);
        Assert.Equal(0, felt.Losses.Total);
        Assert.Empty(balancer.Unready(Survivor));
        // What the victim had.
        Assert.InRange(storm.Losses.Total, 0, devices);
        Assert.InRange(ensemble.FrontEnds[Survivor].Memory().Most, 0, 500 + devices / 10);
        return (felt.Heartbeats.Quantile(0.99), took);
    }
}
