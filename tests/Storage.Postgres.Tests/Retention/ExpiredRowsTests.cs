using Firezone.Shared;
using Firezone.Storage.Postgres.Retention;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Retention;

public sealed class ExpiredRowsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Only_what_has_run_out_is_deleted()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await postgres.Provisioner.IssueClientTokenAsync(account.Actor, DateTimeOffset.UnixEpoch);
        await postgres.ExecuteAsync(
            """
            insert into sessions (id, front_end_id, kind, device_id, token_id, region, remote_ip, version, opened_at, ended_at)
            select gen_random_uuid(), gen_random_uuid(), 'relay', gen_random_uuid(), gen_random_uuid(), '', '', '', opened_at, ended_at
            from (values (now() - interval '31 days', now()), (now() - interval '31 days', null), (now(), now())) as v (opened_at, ended_at)
            """);
        var expired = Expired();

        // Several processes at once: one of them deletes.
        var deleted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => expired.DeleteAsync(CancellationToken.None)));

        Assert.Equal(2, deleted.Sum());
        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from client_tokens where account_id = $1", account.Id));
        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from sessions"));
    }

    [Fact]
    public async Task Tombstones_end_with_what_they_stand_for_and_changes_an_hour_after_their_transaction()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await postgres.ExecuteAsync(
            """
            insert into revoked_authorizations (gateway_id, client_id, resource_id, revoked_at, expires_at)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), now() + i * interval '1 minute'
            from unnest(array[-1, 1]) as v (i)
            """);
        // Two transactions; the first has more rows than one portion. Not before all earlier rows are old too.
        await postgres.ExecuteAsync("insert into groups (account_id, name) select $1, 'x' from generate_series(1, 6000)", account.Id);
        await postgres.Provisioner.CreateSiteAsync(account.Id, "Berlin");
        Assert.Equal(1, await Expired().DeleteAsync(CancellationToken.None));

        await postgres.ExecuteAsync("update account_changes set changed_at = changed_at - interval '61 minutes' where version <= 7");
        Assert.True(await Expired().DeleteAsync(CancellationToken.None) >= 6000);
        var kept = await postgres.ScalarAsync<long[]>("select array_agg(distinct version) from account_changes where account_id = $1", account.Id);
        Assert.Equal([8L], kept);
        Assert.Equal(0, await Expired().DeleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_tokens_of_an_account_that_somebody_is_changing_have_their_turn_later()
    {
        var (busy, idle) = (await TestAccount.CreateAsync(postgres), await TestAccount.CreateAsync(postgres));
        await postgres.Provisioner.IssueClientTokenAsync(busy.Actor, DateTimeOffset.UnixEpoch);
        await postgres.Provisioner.IssueClientTokenAsync(idle.Actor, DateTimeOffset.UnixEpoch);
        await using (var connection = await postgres.Database.Write.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var change = new NpgsqlCommand("insert into sites (account_id, name) values ($1, 'x')", connection)
            {
                Parameters = { new() { Value = busy.Id } },
            };
            await change.ExecuteNonQueryAsync();
            Assert.Equal(1, await Expired().DeleteAsync(CancellationToken.None));
        }
        Assert.Equal(1, await Expired().DeleteAsync(CancellationToken.None));
        Assert.Equal(7L, await postgres.ScalarAsync<long>("select version from accounts where id = $1", busy.Id));
        Assert.Equal(7L, await postgres.ScalarAsync<long>("select version from accounts where id = $1", idle.Id));
    }

    private ExpiredRows Expired() => new(postgres.Database, TimeProvider.System, NullLogger<ExpiredRows>.Instance);
}
