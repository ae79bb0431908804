using System.Diagnostics;
using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Routing;

namespace Firezone.Storage.Postgres.Tests.Routing;

public sealed class FreshReadTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public async Task A_read_after_a_commit_sees_it_on_a_standby_that_replays_late(int delay)
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.MaxWait = TimeSpan.FromSeconds(10));
        var account = await NewAccountAsync(routed);
        await cluster.Standby.SetReplayDelayAsync(TimeSpan.FromMilliseconds(delay));
        try
        {
            for (var name = 0; name < 50; name++)
            {
                await cluster.Primary.ExecuteAsync($"update accounts set name = '{name}' where id = '{account}'");
                Assert.Equal($"{name} true", await routed.ReadAsync<string>(
                    $"select name || ' ' || pg_is_in_recovery()::text from accounts where id = '{account}'"));
            }
        }
        finally
        {
            await cluster.Standby.SetReplayDelayAsync(TimeSpan.Zero);
            await cluster.WaitUntilReplayedAsync();
        }
    }

    [Fact]
    public async Task A_standby_that_is_too_late_costs_the_wait_once_and_is_used_again_when_it_has_caught_up()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.ProbeInterval = RoutedDatabase.Once);
        await using var watched = await RoutedDatabase.StartAsync(cluster);
        await cluster.Standby.SetReplayDelayAsync(TimeSpan.FromMinutes(10));
        try
        {
            var account = await NewAccountAsync(routed);
            for (var read = 0; read < 20; read++)
                Assert.Equal("Account", await routed.ReadAsync<string>($"select name from accounts where id = '{account}'"));
            Assert.Equal(1, routed.Reads("primary", "behind"));
            Assert.Equal(19, routed.Reads("primary", "no_replica"));
            Assert.Equal(ReplicaState.Lagging, routed.Database.Replicas.Single().State);
            await watched.UntilAsync(ReplicaState.Lagging);
            Assert.True(watched.Database.Replicas.Single().LagBytes > 0);
        }
        finally
        {
            await cluster.Standby.SetReplayDelayAsync(TimeSpan.Zero);
        }
        await watched.UntilAsync(ReplicaState.Usable);
        Assert.True(await watched.ReadAsync<bool>("select pg_is_in_recovery()"));
    }

    [Fact]
    public async Task The_connect_of_a_known_device_is_one_batch_on_the_standby_and_on_the_primary_nothing_but_the_barrier()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o =>
        {
            o.ProbeInterval = RoutedDatabase.Once;
            o.MaxWait = TimeSpan.FromSeconds(10);
        });
        var provisioner = new Provisioner(routed.Database);
        var account = await NewAccountAsync(routed);
        var actor = await provisioner.CreateActorAsync(account, "account_user", "Ada", "ada@example.com");
        var site = await provisioner.CreateSiteAsync(account, "Frankfurt");
        var clientToken = await provisioner.IssueClientTokenAsync(actor, DateTimeOffset.MaxValue.AddYears(-7000));
        var gatewayToken = await provisioner.IssueGatewayTokenAsync(site);
        var (laptop, machine) = (Connector.Laptop(), Connector.Machine());
        await using var connector = new Connector(routed.Database);
        var first = await connector.AdmitAsync(clientToken.Text, laptop);
        var gateway = await connector.AdmitAsync(gatewayToken.Text, machine);
        await cluster.ResetStatementsAsync();
        var barriers = routed.Barriers;

        var client = await connector.AdmitAsync(clientToken.Text, laptop);
        await connector.AdmitAsync(gatewayToken.Text, machine);
        Assert.Equal(ConnectStatus.InvalidToken, (await connector.Relays.ConnectAsync(clientToken.Text, None)).Status);

        Assert.Equal(first.ClientId, client.ClientId);
        Assert.True(client.Now > gateway.Now); // the primary's clock, wherever it is told
        Assert.Equal(2, routed.Barriers - barriers);
        Assert.Equal(0, await CallsAsync(cluster.Primary, "as key_taken"));
        Assert.Equal(2, await CallsAsync(cluster.Primary, "), pg_current_wal_flush_lsn(), clock"));
        var clientReads = await CallsAsync(cluster.Standby, "join client_tokens t");
        var gatewayReads = await CallsAsync(cluster.Standby, "from gateway_tokens t");
        // Asked again, as a whole, while the standby has not replayed what the primary had written.
        var batches = await CallsAsync(cluster.Standby, "pg_is_in_recovery(), coalesce(");
        Assert.True(clientReads > 0 && gatewayReads > 0);
        Assert.Equal(batches, clientReads + gatewayReads);
        Assert.Equal(batches, await CallsAsync(cluster.Standby, "as key_taken"));
    }

    [Fact]
    public async Task A_storm_of_reads_costs_the_primary_one_statement_per_pace()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.ProbeInterval = RoutedDatabase.Once);
        var barriers = routed.Barriers;
        var started = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => routed.ReadAsync<bool>("select pg_is_in_recovery()")));

        var paces = Stopwatch.GetElapsedTime(started) / new ReplicaOptions().BarrierPace;
        Assert.Equal(2_000, answers.Length);
        Assert.InRange(routed.Barriers - barriers, 1, paces + 2);
    }

    [Fact]
    public async Task An_account_is_read_from_the_standby_whole_and_by_its_changes_up_to_a_known_version()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o =>
        {
            o.ProbeInterval = RoutedDatabase.Once;
            o.MaxWait = TimeSpan.FromSeconds(10);
        });
        var provisioner = new Provisioner(routed.Database);
        var account = await NewAccountAsync(routed);
        var whole = (await new AccountReader(routed.Database).LoadAsync(account, None))!;
        await provisioner.CreateSiteAsync(account, "Frankfurt");
        await cluster.ResetStatementsAsync();
        var barriers = routed.Barriers;

        var changes = await new AccountChangeReader(routed.Database).ReadSinceAsync(account, whole.Version, whole.Version + 1, None);

        Assert.Equal(whole.Version + 1, changes!.Version);
        Assert.Single(changes.Changes);
        Assert.Equal(barriers, routed.Barriers);
        Assert.Equal(0, await CallsAsync(cluster.Primary, "from accounts"));
        Assert.Single((await new AccountReader(routed.Database).LoadAsync(account, None))!.Sites);
        Assert.Equal(0, await CallsAsync(cluster.Primary, "from accounts"));
        Assert.Null(await new AccountReader(routed.Database).LoadAsync(Guid.NewGuid(), None));
        Assert.Null(await new AccountChangeReader(routed.Database).ReadSinceAsync(Guid.NewGuid(), 0, 1, None));
        Assert.Equal(1, routed.Reads("primary", "useless"));
    }

    [Fact]
    public async Task A_version_that_the_standby_does_not_reach_is_read_from_the_primary()
    {
        await using var routed = await RoutedDatabase.StartAsync(cluster, o => o.ProbeInterval = RoutedDatabase.Once);
        var account = await NewAccountAsync(routed);
        var version = await cluster.Primary.ScalarAsync<long>($"select version from accounts where id = '{account}'");
        await cluster.WaitUntilReplayedAsync();
        await cluster.Standby.SetReplayDelayAsync(TimeSpan.FromMinutes(10));
        try
        {
            await new Provisioner(routed.Database).CreateSiteAsync(account, "Frankfurt");
            var changes = await new AccountChangeReader(routed.Database).ReadSinceAsync(account, version, version + 1, None);
            Assert.Equal(version + 1, changes!.Version);
            Assert.Equal(1, routed.Reads("primary", "behind"));
        }
        finally
        {
            await cluster.Standby.SetReplayDelayAsync(TimeSpan.Zero);
            await cluster.WaitUntilReplayedAsync();
        }
    }

    [Fact]
    public async Task Without_a_replica_nobody_asks_for_the_position()
    {
        await using var database = new Database(cluster.Primary.ConnectionString());
        var account = await new Provisioner(database).CreateAccountAsync($"a{Guid.NewGuid():N}", "Account");
        await cluster.ResetStatementsAsync();

        Assert.NotNull(await new AccountReader(database).LoadAsync(account, None));
        Assert.NotNull(await new AccountChangeReader(database).ReadSinceAsync(account, 0, 1, None));

        Assert.Empty(database.Replicas);
        Assert.Equal(0, await CallsAsync(cluster.Primary, "pg_current_wal_flush_lsn()"));
        Assert.Equal(2, await CallsAsync(cluster.Primary, "from accounts"));
    }

    private static Task<Guid> NewAccountAsync(RoutedDatabase routed) =>
        new Provisioner(routed.Database).CreateAccountAsync($"a{Guid.NewGuid():N}", "Account");

    private static Task<long> CallsAsync(PostgresNode node, string part) => node.ScalarAsync<long>(
        $"""
        select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        where position('{part}' in query) > 0 and position('pg_stat_statements' in query) = 0
        """);
}
