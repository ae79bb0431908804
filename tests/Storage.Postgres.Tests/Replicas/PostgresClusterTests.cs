using Firezone.Shared;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Replicas;

public sealed class PostgresClusterTests
{
    private const string Insert = "insert into accounts (slug, name) values ('{0}', 'Example')";
    private const string Count = "select count(*) from accounts";

    [Fact]
    public async Task A_row_arrives_at_once_or_after_the_delay_and_a_synchronous_commit_waits_for_the_standby()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await cluster.Primary.ExecuteAsync(string.Format(null, Insert, "first"));
        await cluster.WaitUntilReplayedAsync();
        Assert.Equal(1, await cluster.Standby.ScalarAsync<long>(Count));
        await Assert.ThrowsAsync<PostgresException>(() => cluster.Standby.ExecuteAsync(string.Format(null, Insert, "refused")));

        await cluster.Standby.SetReplayDelayAsync(TimeSpan.FromMinutes(10));
        await cluster.Primary.ExecuteAsync(string.Format(null, Insert, "second"));
        Assert.Equal(1, await cluster.Standby.ScalarAsync<long>(Count));
        await cluster.Standby.SetReplayDelayAsync(TimeSpan.Zero);
        await cluster.WaitUntilReplayedAsync();
        Assert.Equal(2, await cluster.Standby.ScalarAsync<long>(Count));

        await cluster.SetSynchronousAsync(true);
        cluster.Standby.Pause();
        var commit = cluster.Primary.ExecuteAsync(string.Format(null, Insert, "third"));
        while (await cluster.Primary.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event = 'SyncRep'") == 0)
            await Task.Yield();
        cluster.Standby.Continue();
        await commit;
    }

    [Fact]
    public async Task A_standby_is_promoted_after_its_primary_was_killed_and_takes_the_writes()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await cluster.Primary.ExecuteAsync(string.Format(null, Insert, "before"));
        await cluster.WaitUntilReplayedAsync();
        await cluster.Primary.KillAsync();
        await cluster.Standby.PromoteAsync();

        await using (var database = new Database(cluster.ConnectionString))
        {
            await using var command = database.Write.CreateCommand(string.Format(null, Insert, "after"));
            await command.ExecuteNonQueryAsync();
        }

        Assert.Equal(2, await cluster.Standby.ScalarAsync<long>(Count));

        // Nothing keeps the former primary from being one again.
        await cluster.Primary.RestartAsync();
        Assert.Equal(1, await cluster.Primary.ScalarAsync<long>(Count));
        Assert.False(await cluster.Primary.ScalarAsync<bool>("select pg_is_in_recovery()"));
    }
}
