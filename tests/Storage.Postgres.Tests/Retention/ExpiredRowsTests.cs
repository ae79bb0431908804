using Firezone.Shared;
using Firezone.Storage.Postgres.Retention;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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
        await postgres.ExecuteAsync(
            """
            insert into audit_log (at, method, route, action, target_type)
            select now() - days * interval '1 day', 'POST', '/v1/sites', 'site.create', 'site' from unnest(array[399, 401]) as v (days)
            """);
        await postgres.ExecuteAsync(
            """
            with token as (
                insert into admin_tokens (id, role, name, secret_salt, secret_hash, expires_at)
                select gen_random_uuid(), 'operator', '', '', '', e
                from unnest(array[null, now() - interval '1 minute', now() + interval '1 minute']) as v (e)
                returning id, expires_at)
            insert into admin_requests (token_id, key_hash, request_hash, created_at)
            select id, hours::text::bytea, '', now() - hours * interval '1 hour' from token cross join unnest(array[23, 25]) as v (hours)
            where expires_at is null
            """);

        Assert.Equal(5, await DeleteAsync());

        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from client_tokens where account_id = $1", account.Id));
        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from sessions"));
        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from audit_log where action = 'site.create'"));
        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from admin_tokens"));
        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from admin_requests"));
        Assert.Equal(0, await DeleteAsync());
    }

    [Fact]
    public async Task A_month_of_the_audit_log_is_dropped_when_all_of_it_is_past_retention()
    {
        await postgres.ExecuteAsync("select make_audit_log_month(now() - interval '26 months'), make_audit_log_month(now() - interval '13 months')");
        await postgres.ExecuteAsync(
            """
            insert into audit_log (at, method, route, action, target_type)
            select now() - months * interval '1 month', 'POST', '/v1/sites', 'site.update', 'site' from unnest(array[1, 13, 26]) as v (months)
            """);
        var partitions = await PartitionsAsync();
        await DeleteAsync();
        Assert.Equal(partitions - 1, await PartitionsAsync());
        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from audit_log where action = 'site.update'"));
    }

    [Fact]
    public async Task Lines_of_a_month_that_nobody_made_are_written_all_the_same_and_moved_when_it_is_made()
    {
        await postgres.ExecuteAsync(
            """
            do $$ declare name text; begin
                for name in select c.oid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
                    where i.inhparent = 'audit_log'::regclass and c.relname <> 'audit_log_default'
                loop execute 'drop table ' || name; end loop;
            end $$;
            insert into audit_log (method, route, action, target_type) select 'POST', '/v1/sites', 'site.delete', 'site' from generate_series(1, 5)
            """);
        Assert.Equal(5L, await postgres.ScalarAsync<long>("select count(*) from audit_log_default where action = 'site.delete'"));
        await DeleteAsync();
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from audit_log_default where action = 'site.delete'"));
        Assert.Equal(5L, await postgres.ScalarAsync<long>("select count(*) from audit_log where action = 'site.delete'"));
        Assert.Equal(4L, await PartitionsAsync());
    }

    [Fact]
    public async Task A_round_is_many_small_transactions_and_bounded()
    {
        await postgres.ExecuteAsync(
            """
            insert into revoked_authorizations (gateway_id, client_id, resource_id, revoked_at, expires_at)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), now() - i * interval '1 minute' from generate_series(1, 35) i
            """);
        var options = new RetentionOptions { BatchRows = 5, BatchesPerRound = 4, Pause = TimeSpan.Zero };
        Assert.Equal(20, await DeleteAsync(options));
        // The oldest went first.
        Assert.Equal(15L, await postgres.ScalarAsync<long>(
            "select count(*) from revoked_authorizations where expires_at between now() - interval '15.5 minutes' and now()"));
        Assert.Equal(15, await DeleteAsync(options));
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
        Assert.Equal(1, await DeleteAsync());

        await postgres.ExecuteAsync("update account_changes set changed_at = changed_at - interval '61 minutes' where version <= 7");
        Assert.True(await DeleteAsync() >= 6000);
        var kept = await postgres.ScalarAsync<long[]>("select array_agg(distinct version) from account_changes where account_id = $1", account.Id);
        Assert.Equal([8L], kept);
        Assert.Equal(0, await DeleteAsync());
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
            Assert.Equal(1, await DeleteAsync());
        }
        Assert.Equal(1, await DeleteAsync());
        Assert.Equal(7L, await postgres.ScalarAsync<long>("select version from accounts where id = $1", busy.Id));
        Assert.Equal(7L, await postgres.ScalarAsync<long>("select version from accounts where id = $1", idle.Id));
    }

    [Fact]
    public async Task Expired_authorizations_go_before_their_token_and_not_with_it()
    {
        var account = await TestAccount.CreateAsync(postgres);
        var gateway = Guid.NewGuid();
        await postgres.ExecuteAsync(
            """
            insert into gateways (id, account_id, site_id, external_id, public_key, psk_base, name, last_seen_at)
            values ($1, $2, $3, 'g', 'k', '', 'g', now())
            """, gateway, account.Id, account.Site);
        await postgres.ExecuteAsync(
            """
            with c as (
                insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
                values (gen_random_uuid(), $1, $2, 'c', 'k', '', 'c', now()) returning id)
            insert into policy_authorizations (
                id, account_id, client_id, gateway_id, resource_id, policy_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at)
            select gen_random_uuid(), $1, c.id, $3, $4, $5, $6, '', '', '', now() - interval '1 minute' from c cross join generate_series(1, 10)
            """, account.Id, account.Actor, gateway, account.Resource, account.Policy, account.ClientToken.Id);
        await postgres.ExecuteAsync("update client_tokens set expires_at = now() - interval '1 minute' where id = $1", account.ClientToken.Id);

        var two = new RetentionOptions { BatchRows = 2, BatchesPerRound = 2, Pause = TimeSpan.Zero };
        Assert.Equal(4, await DeleteAsync(two));
        Assert.Equal(4, await DeleteAsync(two));
        Assert.Equal(3, await DeleteAsync(two));
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from client_tokens where id = $1", account.ClientToken.Id));
        // What ended by itself leaves no tombstone.
        Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from revoked_authorizations where gateway_id = $1", gateway));
    }

    private Task<long> PartitionsAsync() => postgres.ScalarAsync<long>("select count(*) from pg_inherits where inhparent = 'audit_log'::regclass");

    private async Task<long> DeleteAsync(RetentionOptions? options = null)
    {
        await using var connection = await postgres.Database.Write.OpenConnectionAsync();
        var rows = new ExpiredRows(
            Options.Create(options ?? new() { Pause = TimeSpan.Zero }),
            new(NullLogger<AuditLogMonths>.Instance),
            TimeProvider.System,
            new(),
            NullLogger<ExpiredRows>.Instance);
        return await rows.DeleteAsync(connection, CancellationToken.None);
    }
}
