using System.Diagnostics;
using System.Diagnostics.Metrics;
using Firezone.Grains.Changes;
using Firezone.Grains.Tests.Cluster;
using Firezone.Shared;
using Npgsql;

namespace Firezone.Grains.Tests.Model;

/// <summary>Changes are made while the silos cannot hear of them; afterwards every view is right within the model's 5 s.</summary>
public sealed class LiveChangesUnderFaultsTests
{
    private const int Accounts = 4;
    private const int Changes = 6;

    [Fact]
    public async Task Views_are_right_after_the_listening_connections_were_killed_again_and_again()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.ExecuteAsync(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where application_name = 'firezone-changes' and datname = current_database()
                """);
            await world.ChangeAsync(2);
        }

        await world.SettleAsync();
    }

    [Fact]
    public async Task Views_are_right_after_the_server_stood_still_for_a_moment()
    {
        await using var world = await World.StartAsync();
        world.Proxy.Pause();
        await world.ChangeAsync(Changes);
        world.Proxy.Resume();
        await world.SettleAsync();
    }

    [Fact]
    public async Task Views_are_right_after_the_server_stood_still_until_the_silos_noticed()
    {
        await using var world = await World.StartAsync("Command Timeout=2");
        var noticed = world.FailedLooksAsync(1);
        world.Proxy.Pause();
        await world.ChangeAsync(Changes);
        await noticed;
        world.Proxy.Resume();
        await world.SettleAsync();
    }

    [Fact]
    public async Task Views_are_right_after_the_server_was_out_of_reach_for_long()
    {
        await using var world = await World.StartAsync();
        var noticed = world.FailedLooksAsync(10);
        world.Proxy.Refuse = true;
        world.Proxy.CutAll();
        await world.ChangeAsync(Changes);
        await noticed;
        world.Proxy.Refuse = false;
        await world.SettleAsync();
    }

    [Fact]
    public async Task Without_notifications_views_are_right_and_a_revoked_session_is_closed_within_a_second()
    {
        await using var world = await World.StartAsync(swallowsNotifications: true);
        await world.ChangeAsync(Changes);
        await world.SettleAsync();
        foreach (var run in world.Runs)
        {
            if (run.Account.Clients.Select(c => c.Open).FirstOrDefault(s => s is not null) is not { } session)
                continue;
            await world.ExecuteAsync($"delete from client_tokens where id = '{session.Ticket.TokenId}'");
            var clock = Stopwatch.StartNew();
            while (session.End is null && clock.Elapsed < TimeSpan.FromSeconds(5))
            {
                session.Drain();
                await Task.Delay(2);
            }

            Assert.Equal("TokenRevoked", session.End);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }

        Assert.NotEqual(0, world.Proxy.SwallowedNotifications);
    }

    /// <summary>Two silos that reach the database through a proxy, and accounts with devices that have been used for a while.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly MeterListener _meters = new();
        private GrainCluster _cluster = null!;
        private NpgsqlDataSource _sql = null!;

        private World(FaultProxy proxy) => Proxy = proxy;

        public FaultProxy Proxy { get; }

        public ModelRun[] Runs { get; private set; } = [];

        public static async Task<World> StartAsync(string settings = "", bool swallowsNotifications = false)
        {
            var port = new NpgsqlConnectionStringBuilder((await PostgresServer.GetAsync()).ConnectionString("postgres")).Port;
            var world = new World(new FaultProxy(port) { SwallowsNotifications = swallowsNotifications });
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
}
