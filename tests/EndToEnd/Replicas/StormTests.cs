using System.Diagnostics;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Replicas;

/// <summary>Many known devices that come back at once. The portal of each test has the same servers.</summary>
[Collection(ReplicasCollection.Name)]
public sealed class StormTests(PostgresCluster cluster, ITestOutputHelper output) : IClassFixture<PostgresCluster>
{
    private const int AtOnce = 16;

    [Fact]
    public async Task The_replica_serves_the_reads_of_a_storm()
    {
        // Without a bound: how long a loaded machine keeps the replica from its work is not the question here.
        await using var replicated = await ReplicatedPortal.StartOnAsync(cluster, output, ("Replica__MaxWait", "00:00:10"));
        var portal = replicated.Portal;
        await using var fleet = await Fleet.CreateAsync(portal, devices: 1_000, resources: 5);
        await cluster.WaitUntilReplayedAsync();
        await cluster.ResetStatementsAsync();

        Assert.Empty(await Fleet.ConnectAsync(fleet.Devices, AtOnce));
        var (primary, replica) = (await Statements.OfAsync(cluster.Primary), await Statements.OfAsync(cluster.Standby));
        output.WriteLine($"primary, {primary.Reads} reads:\n{primary.Describe()}\nreplica, {replica.Reads} reads:\n{replica.Describe()}");
        Assert.InRange(replica.Reads / (double)(primary.Reads + replica.Reads), 0.95, 1);
    }

    [Fact]
    public async Task No_connect_fails_when_the_replica_is_killed_in_the_middle_of_a_storm()
    {
        await using var replicated = await ReplicatedPortal.StartOnAsync(cluster, output);
        var portal = replicated.Portal;
        await using var fleet = await Fleet.CreateAsync(portal, devices: 250, resources: 5);

        Task? killed = null;
        var began = Stopwatch.GetTimestamp();
        var turns = Enumerable.Range(0, 4).SelectMany(_ => fleet.Devices);
        var failures = await Fleet.ConnectAsync(turns, AtOnce, done =>
        {
            if (done == 400)
                killed = cluster.Standby.KillAsync();
        });
        await killed!;
        await cluster.Standby.RestartAsync();
        output.WriteLine($"1,000 connects in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.Empty(failures);
    }

    [Fact]
    public Task A_storm_costs_the_primary_a_few_transactions() =>
        CostAsync(devices: 500, within: TimeSpan.FromSeconds(2), transactions: 30, statements: 150);

    [Fact]
    [Trait("Form", "Long")]
    public Task A_great_storm_costs_the_primary_a_hundred_transactions_at_most() =>
        CostAsync(devices: 5_000, within: TimeSpan.FromSeconds(10), transactions: 100, statements: 500);

    private async Task CostAsync(int devices, TimeSpan within, int transactions, int statements)
    {
        await using var replicated = await ReplicatedPortal.StartOnAsync(cluster, output);
        var portal = replicated.Portal;
        await using var fleet = await Fleet.CreateAsync(portal, devices, resources: 5);
        await cluster.WaitUntilReplayedAsync();
        await cluster.ResetStatementsAsync();
        var before = await Statements.WritesAsync(cluster.Primary);

        var began = Stopwatch.GetTimestamp();
        Assert.Empty(await fleet.ConnectWithinAsync(within));
        var took = Stopwatch.GetElapsedTime(began);
        await SettledAsync(fleet, devices);

        var writes = await Statements.WritesAsync(cluster.Primary) - before;
        var primary = await Statements.OfAsync(cluster.Primary);
        output.WriteLine($"{devices} connects in {took.TotalSeconds:0.0} s: {writes} writing transactions, {primary.Total} statements\n{primary.Describe(25)}");
        // A machine that takes longer writes as often per second.
        var longer = Math.Max(1, took / within);
        Assert.InRange(writes, 1, transactions * longer);
        Assert.InRange(primary.Total, 1, statements * longer);
    }

    // What a connect leaves behind is written later; the replica tells when, so that the primary is not asked.
    private async Task SettledAsync(Fleet fleet, long open)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var sql = $"select count(*) from sessions where account_id = '{fleet.Account}' and ended_at is null";
        while (await cluster.Standby.ScalarAsync<long>(sql) != open)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
    }
}
