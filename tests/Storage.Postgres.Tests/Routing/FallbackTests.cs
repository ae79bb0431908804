using Firezone.Shared;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Routing;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Routing;

public sealed class FallbackTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Where = "select pg_is_in_recovery()";

    [Fact]
    public async Task The_primary_answers_while_the_standby_is_dead_and_the_standby_again_when_it_is_back()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster);
        Assert.True(await routed.ReadAsync<bool>(Where));

        await cluster.Standby.KillAsync();
        try
        {
            Assert.False(await routed.ReadAsync<bool>(Where));
            await routed.UntilAsync(ReplicaState.Unreachable);
            Assert.False(await routed.ReadAsync<bool>(Where));
            Assert.True(routed.Reads("primary", "no_replica") > 0);
        }
        finally
        {
            await cluster.Standby.RestartAsync();
        }

        await routed.UntilAsync(ReplicaState.Usable);
        Assert.True(await routed.ReadAsync<bool>(Where));
        Assert.Equal(3, routed.Lines.Count);
    }

    [Fact]
    public async Task A_read_on_a_standby_that_hangs_is_answered_by_the_primary_after_the_timeout()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.ProbeInterval = RoutedDatabase.Once, extra: ";Command Timeout=1");
        await using var watched = await RoutedDatabase.StartAsync(cluster);
        Assert.True(await routed.ReadAsync<bool>(Where));

        cluster.Standby.Pause();
        try
        {
            Assert.False(await routed.ReadAsync<bool>(Where));
            Assert.Equal(1, routed.Reads("primary", "error"));
            Assert.False(await routed.ReadAsync<bool>(Where));
            Assert.Equal(1, routed.Reads("primary", "no_replica"));
            await watched.UntilAsync(ReplicaState.Unreachable);
        }
        finally
        {
            cluster.Standby.Continue();
        }

        await watched.UntilAsync(ReplicaState.Usable);
        Assert.True(await watched.ReadAsync<bool>(Where));
    }

    [Fact]
    public async Task A_read_that_a_standby_cancels_for_its_replay_is_answered_by_the_primary()
    {
        await using var routed = await RoutedDatabase.StartAsync(
            cluster, o => o.MaxWait = TimeSpan.FromSeconds(10), extra: ";Command Timeout=60");
        await new Provisioner(routed.Database).CreateAccountAsync($"a{Guid.NewGuid():N}", "Account");
        await cluster.Primary.ExecuteAsync("create table if not exists conflicts as select n from generate_series(1, 1000) n");
        await cluster.WaitUntilReplayedAsync();
        await cluster.Standby.SetAsync("max_standby_streaming_delay", "0");

        var read = routed.ReadAsync<long>(
            "select count(*) from conflicts, lateral (select case when pg_is_in_recovery() and n = 1000 then pg_sleep(50) end) s");
        while (await cluster.Standby.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 0)
            await Task.Yield();
        await cluster.Primary.ExecuteAsync("delete from conflicts where n < 500");
        await cluster.Primary.ExecuteAsync("vacuum conflicts");

        Assert.Equal(501, await read);
        Assert.Equal(1, routed.Reads("primary", "error"));
        Assert.Contains(routed.Lines, line => line.Contains("40001", StringComparison.Ordinal));
        await routed.UntilAsync(ReplicaState.Usable);
        Assert.True(await routed.ReadAsync<bool>(Where));
    }

    [Fact]
    public async Task All_who_wait_for_a_standby_that_hangs_are_let_go_when_one_look_has_failed()
    {
        // Without the look they would wait for two minutes, one after the other.
        await using var routed = await RoutedDatabase.StartAsync(cluster, extra: ";Command Timeout=60;Timeout=60;Maximum Pool Size=2");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => routed.ReadAsync<bool>(Where)));
        cluster.Standby.Pause();
        try
        {
            var reads = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => routed.ReadAsync<bool>(Where)));
            Assert.DoesNotContain(true, await reads.WaitAsync(TimeSpan.FromSeconds(50)));
        }
        finally
        {
            cluster.Standby.Continue();
        }
        await routed.UntilAsync(ReplicaState.Usable);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_failure_of_the_standby()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.ProbeInterval = RoutedDatabase.Once, extra: ";Command Timeout=60");
        using var stop = new CancellationTokenSource();
        var read = routed.ReadAsync<object>("select pg_sleep(50)", stop.Token);
        while (await cluster.Standby.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 0)
            await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(ReplicaState.Usable, routed.Database.Replicas.Single().State);
        Assert.True(await routed.ReadAsync<bool>(Where));
    }

    [Fact]
    public async Task Nothing_is_read_while_the_primary_is_away_and_reads_go_on_when_it_is_back()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster);
        await cluster.Primary.KillAsync();
        try
        {
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => routed.ReadAsync<bool>(Where));
            Assert.Equal(ReplicaState.Usable, routed.Database.Replicas.Single().State);
        }
        finally
        {
            await cluster.Primary.RestartAsync();
        }

        Assert.True(await routed.ReadAsync<bool>(Where) || routed.Reads("primary", "behind") == 1);
    }

    [Fact]
    public async Task A_server_that_is_no_standby_of_the_primary_is_not_read_from()
    {
        var primary = cluster.Primary.ConnectionString();
        await using var itself = await RoutedDatabase.StartAsync(primary, primary, state: ReplicaState.NotAStandby);
        Assert.False(await itself.ReadAsync<bool>(Where));
        await using var other = await PostgresCluster.StartAsync();
        await using var foreign = await RoutedDatabase.StartAsync(primary, other.StandbyConnectionString, state: ReplicaState.Diverged);
        Assert.False(await foreign.ReadAsync<bool>(Where));
        Assert.Equal(0, foreign.Reads("replica", "new_enough"));
    }
}
