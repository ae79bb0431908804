using System.Diagnostics.Metrics;
using Firezone.Grains.Changes;
using Firezone.Grains.Tests.Cluster;
using Firezone.Shared;
using Npgsql;

namespace Firezone.Grains.Tests.Model;

/// <summary>Two silos that reach the database through a proxy, and accounts with devices that have been used for a while.</summary>
internal sealed class FaultyWorld : IAsyncDisposable
{
    private const int Accounts = 4;

    private readonly MeterListener _meters = new();
    private GrainCluster _cluster = null!;
    private NpgsqlDataSource _sql = null!;

    private FaultyWorld(FaultProxy proxy) => Proxy = proxy;

    public FaultProxy Proxy { get; }

    public ModelRun[] Runs { get; private set; } = [];

    public static async Task<FaultyWorld> StartAsync(string settings = "", bool swallowsNotifications = false)
    {
        var port = new NpgsqlConnectionStringBuilder((await PostgresServer.GetAsync()).ConnectionString("postgres")).Port;
        var world = new FaultyWorld(new FaultProxy(port) { SwallowsNotifications = swallowsNotifications });
        world._cluster = await GrainCluster.StartAsync(
            silos: 2,
            through: direct => new NpgsqlConnectionStringBuilder(direct) { Port = world.Proxy.Port }.ConnectionString + ";" + settings);
        world._sql = await ModelTests.OpenSqlAsync(world._cluster);
        world.Runs = await Task.WhenAll(Enumerable.Range(1, Accounts).Select(seed => ModelRun.StartAsync(world._cluster, world._sql, seed)));
        await Task.WhenAll(world.Runs.Select(run => run.GoOnAsync(4)));
        return world;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _sql.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task ChangeAsync(int times) => Task.WhenAll(Runs.Select(run => run.ChangeAsync(times)));

    public Task SettleAsync() => Task.WhenAll(Runs.Select(run => run.SettleAsync()));

    /// <summary>Completes when the silos have looked for changes in vain that many times from now.</summary>
    public Task FailedLooksAsync(int count)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GrainsMetrics.MeterName && instrument.Name == "firezone.changes.look_failures")
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (Interlocked.Decrement(ref count) == 0)
                failed.TrySetResult();
        });
        _meters.Start();
        return failed.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _cluster.DisposeAsync();
        await _sql.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
