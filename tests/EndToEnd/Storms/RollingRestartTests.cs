using Xunit.Abstractions;

namespace Firezone.EndToEnd.Storms;

/// <summary>
/// Every front-end and every silo is stopped and started again, one after the other, while devices are connected and ask for flows.
/// </summary>
[Collection(StormsCollection.Name)]
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Form", "Long")]
    public Task A_rolling_restart_loses_no_session_and_fails_no_flow_for_long() => RestartAsync(devices: 300, flowsPerSecond: 10);

    [Fact]
    [Trait("Form", "Long")]
    public Task A_rolling_restart_among_many_loses_no_session_and_fails_no_flow_for_long() => RestartAsync(devices: 5_000, flowsPerSecond: 50);

    private async Task RestartAsync(int devices, int flowsPerSecond)
    {
        await using var ensemble = await Ensemble.CreateAsync();
        var population = await Population.CreateAsync(ensemble.ConnectionString, devices, gateways: 6, resources: 10);
        await ensemble.StartAsync(silos: 3, frontEnds: 2);
        await using var balancer = new Balancer(ensemble.FrontEnds);
        await using var crowd = new Crowd(balancer, population.Resources, seed: 3);
        await crowd.ConnectAsync(population.Gateways);
        await crowd.ConnectAsync([.. population.Clients.Take(100)], watched: true, asking: true);
        await crowd.ConnectAsync([.. population.Clients.Skip(100)], asking: true);
        await crowd.WhenAllReadyAsync(Patience);
        await crowd.AskAsync(flowsPerSecond);
        await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 3 * flowsPerSecond, Patience, "at work");
        output.WriteLine($"before, load {Machine.Load}: {await crowd.TakeAsync()}");

        foreach (var node in ensemble.FrontEnds.Concat(ensemble.Silos))
        {
            await node.RestartAsync();
            await crowd.WhenAllReadyAsync(Patience);
            await crowd.WhenAsync(() => crowd.Figures.Flows.Count >= 2 * flowsPerSecond, Patience, "at work");
            var figures = await crowd.TakeAsync();
            output.WriteLine($"{(ensemble.Silos.Contains(node) ? "silo" : "front-end")}, load {Machine.Load}: {figures}");
            SessionRules.AssertKept(figures, hadSockets: !ensemble.Silos.Contains(node));
        }

        await crowd.AskAsync(perSecond: 0);
        await crowd.WhenNoFlowAsync(Patience);
        Assert.Equal(0, (await crowd.TakeAsync()).Unanswered);
    }
}
