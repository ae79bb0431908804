using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Storage.Postgres.Tests.Schema;

/// <summary>A dump that was restored into a server which has given out fewer transaction ids than the old one.</summary>
public sealed class RestoredDatabaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestAccount _account = null!;

    public async Task InitializeAsync()
    {
        _account = await TestAccount.CreateAsync(postgres);
        await postgres.ExecuteAsync(
            """
            insert into sessions (id, front_end_id, kind, account_id, device_id, token_id, region, remote_ip, version, opened_at)
            values (gen_random_uuid(), gen_random_uuid(), 'client', $1, gen_random_uuid(), gen_random_uuid(), '', '', '', now())
            """, _account.Id);
        await postgres.ExecuteAsync("update sessions set ended_at = now()");
        // The rows as another server would have left them.
        await postgres.ExecuteAsync(
            """
            update schema_info set system_identifier = 1;
            update account_changes set xact = (xact::text::bigint + 1000000)::text::xid8;
            update sessions set opened_xact = (opened_xact::text::bigint + 1000000)::text::xid8,
                ended_xact = (ended_xact::text::bigint + 1000000)::text::xid8;
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_transaction_that_has_the_id_of_an_old_one_still_raises_the_version()
    {
        // The next transaction but one, as if the old server had used its id for this account's last change.
        var sql = $"""
            begin;
            update accounts set version_xact = pg_current_xact_id() where id = '{_account.Id}';
            update sites set name = 'Bonn' where id = '{_account.Site}';
            commit
            """;
        await postgres.ExecuteAsync(sql);
        Assert.Equal(6L, await VersionAsync());

        await postgres.ExecuteAsync("update accounts set version_xact = '1000000000'");
        await MigrateAsync();
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from accounts where version_xact is not null"));
        await postgres.ExecuteAsync("update sites set name = 'Berlin' where id = $1", _account.Site);
        Assert.Equal(7L, await VersionAsync());
    }

    [Fact]
    public async Task Old_changes_sessions_and_flows_do_not_come_again()
    {
        var poll = new AccountChangePoll(postgres.Database);
        await poll.NextAsync(None);
        Assert.NotEmpty((await poll.NextAsync(None))!);

        await MigrateAsync();
        Assert.Empty((await poll.NextAsync(None))!);
        const string Future = "select count(*) from sessions where greatest(opened_xact, ended_xact) >= pg_snapshot_xmin(pg_current_snapshot())";
        Assert.Equal(0L, await postgres.ScalarAsync<long>(Future));
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from schema_info where system_identifier = 1"));
        // Whoever held the account before reads it whole, then follows it.
        var reader = new AccountChangeReader(postgres.Database);
        Assert.Null(await reader.ReadSinceAsync(_account.Id, 3, 3, None));
        await postgres.ExecuteAsync("update sites set name = 'Berlin' where id = $1", _account.Site);
        Assert.Equal([new AccountVersion(_account.Id, 7)], await poll.NextAsync(None));
        Assert.NotNull(await reader.ReadSinceAsync(_account.Id, 6, 6, None));
    }

    [Fact]
    public async Task The_next_start_on_the_same_server_changes_nothing()
    {
        await MigrateAsync();
        await postgres.ExecuteAsync("update accounts set version_xact = '1000000000'");
        await MigrateAsync();
        Assert.True(await postgres.ScalarAsync<bool>("select bool_and(version_xact = '1000000000') from accounts"));
    }

    private Task MigrateAsync() => SchemaMigrator.MigrateAsync(postgres.ConnectionString, NullLogger.Instance, None);

    private Task<long> VersionAsync() => postgres.ScalarAsync<long>("select version from accounts where id = $1", _account.Id);
}
