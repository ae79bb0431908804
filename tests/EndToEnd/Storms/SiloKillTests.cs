using Xunit.Abstractions;

namespace Firezone.EndToEnd.Storms;

/// <summary>A silo dies to which thousands of sessions are attached, while flows are asked for.</summary>
[Collection(StormsCollection.Name)]
public sealed class SiloKillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Form", "Long")]
    public Task A_killed_silo_closes_no_socket_and_every_flow_ends() => KillAsync(devices: 300, flowsPerSecond: 10);

    [Fact]
    [Trait("Form", "Long")]
    public Task A_killed_silo_among_many_sessions_closes_no_socket_and_every_flow_ends() => KillAsync(devices: 5_000, flowsPerSecond: 50);

    private async Task KillAsync(int devices, int flowsPerSecond)
    {
        await using var ensemble = await Ensemble.CreateAsync();
        var population = await Population.CreateAsync(ensemble.ConnectionString, devices, gateways: 6, resources: 10);
        await ensemble.StartAsync(silos: 3, frontEnds: 2);
        await using var balancer = new Balancer(ensemble.FrontEnds);
        await using var crowd = new Crowd(balancer, population.Resources, seed: 2);
        await crowd.ConnectAsync(population.Gateways);
        await crowd.ConnectAsync([.. population.Clients.Take(100)], watched: true, asking: true);
        await crowd.ConnectAsync([.. population.Clients.Skip(100)], asking: true);
        await crowd.WhenAllReadyAsync(Patience);
        await crowd.AskAsync(flowsPerSecond);
        await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 3 * flowsPerSecond && crowd.Figures.Heartbeats.Count >= 300, Patience, "at work");
        output.WriteLine($"before, load {Machine.Load}: {await crowd.TakeAsync()}");

        await ensemble.Silos[2].KillAsync();
        await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 10 * flowsPerSecond, Patience, "at work again");
        await crowd.AskAsync(perSecond: 0);
        await crowd.WhenNoFlowAsync(Patience);
        var figures = await crowd.TakeAsync();
        output.WriteLine($"after, load {Machine.Load}: {figures}");

        Assert.Equal(0, figures.Losses.Total);
        Assert.Equal(0, figures.Unanswered);
        Assert.InRange(figures.Flows.Longest.TotalSeconds, 0, 5);
        Assert.Equal(devices + 6, crowd.Ready);
        Assert.All(Enumerable.Range(0, 2), frontEnd => Assert.Empty(balancer.Unready(frontEnd)));
    }
}
