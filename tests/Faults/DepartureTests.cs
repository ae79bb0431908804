using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;
using Xunit.Abstractions;

namespace Firezone.Faults;

/// <summary>Silos that are asked to stop.</summary>
public sealed class DepartureTests(FaultDatabase database, ITestOutputHelper output) : IClassFixture<FaultDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silo_that_is_told_to_stop_leaves_every_view_at_once_and_no_call_fails()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(3);
        var client = await cluster.StartClientAsync();
        await client.WhenGatewaysAsync(live => live.Count == 3, 0, Patience);
        await client.StartLoadAsync(concurrency: 8, grains: 300, pauseMilliseconds: 2);
        await Watch.PassAsync(TimeSpan.FromSeconds(1), silos);

        var leaver = silos[1];
        var (name, gateway) = (leaver.Silo, leaver.Gateway);
        var told = leaver.Signal(NodeSignal.Terminate);
        var others = silos.Where(silo => silo != leaver).ToArray();
        var left = await Task.WhenAll(others.Select(silo => silo.WhenViewAsync(view => !view.IsActive(name), told, Patience)));
        var dropped = await client.WhenGatewaysAsync(live => !live.Contains(gateway), told, Patience);
        var code = await leaver.ExitAsync(Patience);
        var exited = NodeProcess.Now();
        await Task.WhenAll(others.Select(silo => silo.WhenViewAsync(view => view.IsGone(name), told, Patience)));
        var load = await client.StopLoadAsync();

        output.WriteLine($"silos after {Watch.Milliseconds(told, left.Max()):0} ms, client after {Watch.Milliseconds(told, dropped):0} ms, "
            + $"end after {Watch.Milliseconds(told, exited):0} ms, {load}");
        Assert.Equal(0, code);
        Assert.InRange(Watch.Milliseconds(told, left.Max()), 0, 1000);
        Assert.InRange(Watch.Milliseconds(told, dropped), 0, 1000);
        Assert.InRange(Watch.Milliseconds(told, exited), 0, 15_000);
        Assert.Equal(0, load.FailedAfterRetry);
    }

    [Fact]
    public async Task A_second_request_to_stop_does_not_make_it_worse()
    {
        await using var cluster = new NodeCluster(Provider.Tested, database.ConnectionString);
        var silos = await cluster.StartSilosAsync(2);
        var (leaver, other) = (silos[0], silos[1]);
        var name = leaver.Silo;
        var told = leaver.Signal(NodeSignal.Terminate);
        await leaver.WaitAsync("stopping", Patience);
        leaver.Signal(NodeSignal.Terminate);

        Assert.Equal(0, await leaver.ExitAsync(TimeSpan.FromSeconds(15)));
        Assert.Contains(leaver.Events, said => said.Name == "stopped");
        await other.WhenViewAsync(view => view.IsGone(name), told, Patience);
        Assert.True(other.View.IsActive(other.Silo));
    }
}
