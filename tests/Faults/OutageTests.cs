using System.Globalization;
using Firezone.Faults.Running;
using Firezone.Membership.Node.Driving;
using Xunit.Abstractions;

namespace Firezone.Faults;

/// <summary>A PostgreSQL server that goes and comes back, while silos and an external client work on.</summary>
public sealed class OutageTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RightAgain = TimeSpan.FromSeconds(10);

    private OwnPostgres _server = null!;
    private string _connection = "";

    public async Task InitializeAsync()
    {
        _server = await OwnPostgres.StartAsync();
        _connection = _server.ConnectionString(await _server.CreateDatabaseAsync());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public Task A_short_outage_costs_no_silo_and_no_call() => OutageAsync(TimeSpan.FromSeconds(3));

    /// <summary>Of a minute, or as long as <c>FIREZONE_OUTAGE</c> says.</summary>
    [Fact]
    [Trait("Form", "Long")]
    public Task A_long_outage_costs_no_silo_and_no_call() => OutageAsync(
        Environment.GetEnvironmentVariable("FIREZONE_OUTAGE") is { Length: > 0 } set
            ? TimeSpan.Parse(set, CultureInfo.InvariantCulture)
            : TimeSpan.FromMinutes(1));

    [Fact]
    [Trait("Form", "Long")]
    public async Task A_silo_that_dies_during_an_outage_is_out_of_every_view_soon_after_it()
    {
        await using var cluster = new NodeCluster(Provider.Tested, _connection);
        var silos = await cluster.StartSilosAsync(3);
        await _server.StopAsync();
        await Watch.PassAsync(TimeSpan.FromSeconds(2), silos);
        var dead = silos[2].Silo;
        silos[2].Signal(NodeSignal.Kill);
        await Watch.PassAsync(TimeSpan.FromSeconds(8), silos.Take(2));
        await _server.StartAsync();
        var back = NodeProcess.Now();

        var gone = await Task.WhenAll(silos.Take(2).Select(silo => silo.WhenViewAsync(view => view.IsGone(dead), back, Patience)));
        output.WriteLine($"out of every view {Watch.Milliseconds(back, gone.Max()):0} ms after the database's return");
        Assert.InRange(Watch.Milliseconds(back, gone.Max()), 0, RightAgain.TotalMilliseconds);
    }

    private async Task OutageAsync(TimeSpan duration)
    {
        await using var cluster = new NodeCluster(Provider.Tested, _connection);
        var silos = await cluster.StartSilosAsync(3);
        var client = await cluster.StartClientAsync();
        await client.WhenGatewaysAsync(live => live.Count == 3, 0, Patience);
        await client.StartLoadAsync(concurrency: 4, grains: 300, pauseMilliseconds: 5);

        var since = NodeProcess.Now();
        await _server.StopAsync();
        await Watch.PassAsync(duration, cluster.Nodes);
        await _server.StartAsync();
        var back = NodeProcess.Now();

        var late = await cluster.StartSiloAsync();
        NodeProcess[] all = [.. silos, late];
        var right = await Task.WhenAll(all.Select(silo => silo.WhenViewAsync(view => view.HasExactly(all.Select(s => s.Silo)), back, Patience)));
        var known = await client.WhenGatewaysAsync(live => live.Contains(late.Gateway), back, Patience);
        output.WriteLine($"views right {Watch.Milliseconds(back, right.Max()):0} ms, client's {Watch.Milliseconds(back, known):0} ms after the return");
        Assert.InRange(Watch.Milliseconds(back, Math.Max(right.Max(), known)), 0, RightAgain.TotalMilliseconds);

        // Whatever the outage has set off shows only after it.
        await Watch.PassAsync(TimeSpan.FromSeconds(2), cluster.Nodes);
        Watch.NobodyWasEvicted(silos, silos, since);
        var load = await client.StopLoadAsync();
        output.WriteLine(load.ToString());
        Assert.True(load.Count > 0);
        Assert.Equal(0, load.Failed);
    }
}
