using System.Collections.Concurrent;
using System.Globalization;
using Firezone.Grains.Tests.Cluster;
using Npgsql;

namespace Firezone.Grains.Tests.Model;

/// <summary>
/// Random changes, connects and flows against two silos. FIREZONE_MODEL_SEED is the first seed, FIREZONE_MODEL_SEEDS how many; those
/// beyond a few take long.
/// </summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const int Steps = 12;
    private const int AtOnce = 8;
    private const int MaxFailures = 3;

    private GrainCluster _cluster = null!;
    private NpgsqlDataSource _sql = null!;

    public async Task InitializeAsync()
    {
        _cluster = await GrainCluster.StartAsync(silos: 2);
        _sql = await OpenSqlAsync(_cluster);
    }

    public async Task DisposeAsync()
    {
        await _sql.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public Task Every_session_holds_what_the_rows_say_after_every_step() => PlayAsync(seeds: 80);

    [Fact]
    [Trait("Form", "Long")]
    public Task Every_session_of_many_accounts_holds_what_the_rows_say_after_every_step() => PlayAsync(seeds: 400);

    private async Task PlayAsync(int seeds)
    {
        var first = Setting("FIREZONE_MODEL_SEED", 1);
        var count = Setting("FIREZONE_MODEL_SEEDS", seeds);
        var failures = new ConcurrentQueue<string>();
        var (clientSilos, gatewaySilos) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, int>());
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (seed, _) =>
            {
                if (failures.Count >= MaxFailures)
                    return;
                ModelRun? run = null;
                try
                {
                    run = await ModelRun.StartAsync(_cluster, _sql, seed);
                    foreach (var client in run.Account.Clients)
                        clientSilos.TryAdd(client.Open!.Silo!, seed);
                    foreach (var gateway in run.Account.Gateways)
                        gatewaySilos.TryAdd(gateway.Open!.Silo!, seed);
                    await run.GoOnAsync(Steps);
                    await run.EndAsync();
                }
                catch (Exception e)
                {
                    var difference = e is Xunit.Sdk.XunitException ? e.Message : $"{run?.Steps()}\n{e}";
                    failures.Enqueue($"FIREZONE_MODEL_SEED={seed} FIREZONE_MODEL_SEEDS=1\n{difference}");
                }
            });
        if (!failures.IsEmpty)
            Assert.Fail(string.Join("\n\n", failures));
        // Eight devices of one seed may come to lie on one silo.
        if (count >= 10)
            Assert.Equal((2, 2), (clientSilos.Count, gatewaySilos.Count));
    }

    /// <summary>An administrator's own connections. Of two that block each other, it is the one that gives way, and soon.</summary>
    internal static async Task<NpgsqlDataSource> OpenSqlAsync(GrainCluster cluster)
    {
        var sql = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster.ConnectionString)
        {
            ApplicationName = "model",
            Options = "-c deadlock_timeout=20ms",
        });
        await using var audit = sql.CreateCommand(AccountRows.AuditSql);
        await audit.ExecuteNonQueryAsync();
        return sql;
    }

    private static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
