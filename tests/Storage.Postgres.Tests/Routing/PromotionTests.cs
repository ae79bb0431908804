using Firezone.Shared;
using Firezone.Storage.Postgres.Routing;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Routing;

public sealed class PromotionTests
{
    private const string Where = "select pg_is_in_recovery()";
    private const string Insert = "insert into accounts (slug, name) values ('{0}', 'Example')";
    private const string Count = "select count(*) from accounts";

    [Fact]
    public async Task A_standby_that_was_promoted_is_not_read_from()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.ProbeInterval = RoutedDatabase.Once);
        await using var watched = await RoutedDatabase.StartAsync(cluster);
        Assert.True(await routed.ReadAsync<bool>(Where));

        await cluster.Standby.PromoteAsync();
        await cluster.Primary.ExecuteAsync(string.Format(null, Insert, "later"));

        Assert.Equal(1, await routed.ReadAsync<long>(Count)); // before anybody has looked
        Assert.Equal(1, routed.Reads("primary", "promoted"));
        await watched.UntilAsync(ReplicaState.NotAStandby);
        Assert.Equal(1, await watched.ReadAsync<long>(Count));
    }

    [Fact]
    public async Task A_standby_that_still_follows_the_former_primary_is_not_read_from()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 2);
        var (follower, heir) = (cluster.Standbys.First(), cluster.Standbys.Last());
        var primaries = new NpgsqlConnectionStringBuilder(cluster.Primary.ConnectionString())
        {
            Host = $"127.0.0.1:{heir.Port},127.0.0.1:{cluster.Primary.Port}",
        };
        primaries.Remove("Port");
        await using var routed = await RoutedDatabase.StartAsync(
            primaries.ConnectionString, follower.ConnectionString(), o => o.ProbeInterval = RoutedDatabase.Once);
        Assert.True(await routed.ReadAsync<bool>(Where));

        // What the former primary still wrote, the follower has, and the heir has not.
        await heir.KillAsync();
        await cluster.Primary.ExecuteAsync(string.Format(null, Insert, "lost"));
        await cluster.Primary.ExecuteAsync("create table filler as select repeat('x', 1000) from generate_series(1, 5000)");
        var position = await cluster.Primary.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text");
        while (!await follower.ScalarAsync<bool>($"select pg_last_wal_replay_lsn() >= '{position}'"))
            await Task.Yield();
        await cluster.Primary.KillAsync();
        await heir.RestartAsync();
        await heir.PromoteAsync();
        await heir.ExecuteAsync("delete from accounts");
        await FindPrimaryAsync(routed.Database);

        Assert.False(await routed.ReadAsync<bool>(Where)); // by the timeline of the barrier: nobody has looked since
        Assert.Equal(0, await routed.ReadAsync<long>(Count));
        await using var watched = await RoutedDatabase.StartAsync(
            primaries.ConnectionString, follower.ConnectionString(), state: ReplicaState.Diverged);
        Assert.Equal(0, await watched.ReadAsync<long>(Count));
    }

    [Fact]
    public async Task A_former_primary_that_comes_back_is_not_written_to()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var database = new Database(cluster.ConnectionString); // the first primary is listed first
        await WriteAsync(database, "before");
        await cluster.WaitUntilReplayedAsync();
        await cluster.Primary.KillAsync();
        await cluster.Standby.PromoteAsync();
        await FindPrimaryAsync(database);
        await WriteAsync(database, "after");
        await cluster.Primary.RestartAsync();

        for (var write = 0; write < 5; write++)
        {
            await FindPrimaryAsync(database);
            await WriteAsync(database, $"later-{write}");
        }

        Assert.Equal(1, await cluster.Primary.ScalarAsync<long>(Count));
        Assert.Equal(7, await cluster.Standby.ScalarAsync<long>(Count));
    }

    [Fact]
    public async Task Reads_take_turns_among_the_standbys_and_go_to_the_other_when_one_is_gone()
    {
        await using var cluster = await PostgresCluster.StartAsync(standbys: 2);
        await using var routed = await RoutedDatabase.StartAsync(cluster);
        var ports = new HashSet<int>();
        for (var read = 0; read < 10; read++)
            ports.Add(await routed.ReadAsync<int>("select inet_server_port()"));
        Assert.Equal(cluster.Standbys.Select(s => s.Port).ToHashSet(), ports);

        await cluster.Standby.KillAsync();
        for (var read = 0; read < 10; read++)
            await routed.ReadAsync<int>("select inet_server_port()");
        Assert.Equal(cluster.Standbys.Last().Port, await routed.ReadAsync<int>("select inet_server_port()"));
        Assert.InRange(routed.Reads("primary", "error"), 0, 1);
    }

    // What Npgsql has found out of a server holds for up to a second: until then there may be no primary.
    private static async Task FindPrimaryAsync(Database database)
    {
        while (true)
        {
            try
            {
                database.Write.Clear(); // of connections that have died
                await using var command = database.Write.CreateCommand("select 1");
                await command.ExecuteScalarAsync();
                return;
            }
            catch (NpgsqlException e) when (e is not PostgresException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task WriteAsync(Database database, string slug)
    {
        await using var command = database.Write.CreateCommand(string.Format(null, Insert, slug));
        await command.ExecuteNonQueryAsync();
    }
}
