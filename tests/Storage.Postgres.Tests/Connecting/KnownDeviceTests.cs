using Firezone.Shared;

namespace Firezone.Storage.Postgres.Tests.Connecting;

public sealed class KnownDeviceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_thousand_reconnects_are_at_most_a_thousand_reads_and_a_few_grouped_writes()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using (var before = new Connector(postgres.Database))
        {
            for (var i = 0; i < 20; i++)
            {
                await before.AdmitAsync(account.ClientToken.Text, Connector.Laptop($"client-{i}"));
                await before.AdmitAsync(account.GatewayToken.Text, Connector.Machine($"gateway-{i}"));
            }
        }
        await postgres.ResetStatementsAsync();

        await using (var connector = new Connector(postgres.Database))
        {
            await Parallel.ForAsync(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            {
                await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop($"client-{i % 20}"));
                await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine($"gateway-{i % 20}"));
            });
        }

        Assert.Equal(500L, await CallsAsync("query like '%t.secret_salt%gateway_tokens%'"));
        // Clients that come at the same time are read together.
        Assert.InRange(await CallsAsync("query like '%t.secret_salt%client_tokens%'"), 30, 500);
        Assert.Equal(0L, await CallsAsync("query ilike '%lock_tunnel_pool%' or query ilike 'insert%'"));
        // Three tables; what waits goes together, twice a second.
        var writes = await CallsAsync("query ilike '%update clients%' or query ilike '%update gateways%' or query ilike '%update client_tokens%'");
        Assert.InRange(writes, 3, 90);
        // Nothing else opened a transaction of its own.
        Assert.Equal(0L, await CallsAsync("query ilike 'begin%' or query ilike 'commit%'"));
    }

    [Fact]
    public async Task A_reconnect_reads_no_other_devices_of_its_actor()
    {
        const int Devices = 100;
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        await Parallel.ForAsync(0, Devices, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop($"client-{i}")));
        // So that the server plans as it does for many actors with as many devices.
        await postgres.ExecuteAsync(
            """
            with others as (
                insert into actors (id, account_id, type, name)
                select gen_random_uuid(), $1, 'account_user', 'Ada' from generate_series(1, 99) returning id),
            tokens as (
                insert into client_tokens (id, account_id, actor_id, secret_salt, secret_hash, expires_at)
                select gen_random_uuid(), $1, o.id, '\x00', '\x00', 'infinity' from generate_series(1, 100), others o)
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
            select gen_random_uuid(), $1, o.id, gen_random_uuid()::text, gen_random_uuid()::text, '\x00', 'laptop', clock_timestamp()
            from generate_series(1, 100), others o order by random()
            """,
            account.Id);
        await postgres.ExecuteAsync("analyze clients, actors, client_tokens");
        await postgres.ResetStatementsAsync();

        await Parallel.ForAsync(0, Devices, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop($"client-{i}")));

        var pages = await postgres.ScalarAsync<long>(
            """
            select sum(shared_blks_hit + shared_blks_read)::bigint / sum(rows)::bigint from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database()) and query like '%t.secret_salt%with ordinality%'
            """);
        Assert.InRange(pages, 1, 25);
    }

    private Task<long> CallsAsync(string condition) => postgres.ScalarAsync<long>(
        $"""
        select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database())
            and query not ilike '%pg_stat_statements%' and ({condition})
        """);
}
