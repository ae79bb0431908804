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

    private Task<long> CallsAsync(string condition) => postgres.ScalarAsync<long>(
        $"""
        select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database())
            and query not ilike '%pg_stat_statements%' and ({condition})
        """);
}
