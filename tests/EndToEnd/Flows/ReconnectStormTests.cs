using System.Security.Cryptography;
using System.Text;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Flows;

/// <summary>What the return of many known devices at once costs the primary.</summary>
public sealed class ReconnectStormTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 4_900;
    private const int Gateways = 100;
    private const int AtOnce = 64;

    private OwnServer _server = null!;

    public async Task InitializeAsync() => _server = await OwnServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Five_thousand_devices_that_return_are_written_in_a_hundred_transactions_and_none_is_forgotten()
    {
        await using var database = new Database(_server.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        await AddDevicesAsync(account);
        var portal = await Portal.CoHostedOnAsync(_server.ConnectionString);
        var sockets = new V1Peer?[Clients + Gateways];
        try
        {
            // Not the first of their kind: what runs for the first time is no part of a storm.
            (await JoinAsync(portal, account, 0)).Dispose();
            (await JoinAsync(portal, account, Clients)).Dispose();
            await _server.ExecuteAsync("select pg_stat_statements_reset()");
            var transactions = await TransactionsAsync();
            var began = TimeProvider.System.GetTimestamp();

            await Parallel.ForAsync(0, sockets.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (device, _) =>
                sockets[device] = await JoinAsync(portal, account, device));
            var took = TimeProvider.System.GetElapsedTime(began);
            transactions = await TransactionsAsync() - transactions;
            output.WriteLine($"{sockets.Length} devices in {took.TotalSeconds:0.0} s: {transactions} transactions that wrote");
            await PrintStatementsAsync();

            // In ten seconds; a machine that takes longer for them writes as often per second.
            Assert.InRange(transactions, 1, 100 * Math.Max(1, took.TotalSeconds / 10));
        }
        finally
        {
            await portal.DisposeAsync();
            foreach (var socket in sockets)
                socket?.Dispose();
        }

        // The stop has written what was still waiting.
        Assert.Equal((long)sockets.Length + 2, await _server.ScalarAsync<long>("select count(*) from sessions"));
        Assert.Equal(
            (long)sockets.Length,
            await _server.ScalarAsync<long>(
                """
                select count(*) from (select last_seen_version from clients union all select last_seen_version from gateways) d
                where last_seen_version is not null
                """));
        Assert.Equal(0L, await _server.ScalarAsync<long>("select count(*) from sessions where ended_at is null"));
    }

    private static Task<V1Peer> JoinAsync(Portal portal, TestAccount account, int device) => device < Clients
        ? JoinAsync(portal, "client", $"c{device}", Connect.Client().WithToken(account.Client.Text))
        : JoinAsync(portal, "gateway", $"g{device}", Connect.Gateway().WithToken(account.Gateway.Text));

    private static async Task<V1Peer> JoinAsync(Portal portal, string role, string device, Connect connect)
    {
        var peer = await V1Peer.ConnectAsync(
            portal.FrontEndPort, role, connect.With("external_id", device).With("public_key", Key(device)));
        await peer.JoinAsync();
        return peer;
    }

    private static string Key(string device) => Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(device)));

    // Without a transaction of its own that would count.
    private Task<long> TransactionsAsync() => _server.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

    private async Task AddDevicesAsync(TestAccount account)
    {
        await _server.ExecuteAsync(
            $"""
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
            select gen_random_uuid(), $1, $2, 'c' || n, encode(sha256(('c' || n)::bytea), 'base64'), sha256(n::text::bytea), 'c' || n, 'epoch'
            from generate_series(0, {Clients - 1}) n
            """,
            account.Id,
            account.Actor);
        await _server.ExecuteAsync(
            $"""
            insert into gateways (id, account_id, site_id, external_id, public_key, psk_base, name, last_seen_at)
            select gen_random_uuid(), $1, $2, 'g' || n, encode(sha256(('g' || n)::bytea), 'base64'), sha256(n::text::bytea), 'g' || n, 'epoch'
            from generate_series({Clients}, {Clients + Gateways - 1}) n
            """,
            account.Id,
            account.Site);
        await _server.ExecuteAsync(
            """
            insert into tunnel_addresses (account_id, ipv4, ipv6, client_id, gateway_id)
            select $1, '100.64.0.0'::inet + d.n, 'fd00:2021:1111::'::inet + d.n, d.client, d.gateway
            from (
                select row_number() over () as n, client, gateway
                from (select id as client, null::uuid as gateway from clients union all select null, id from gateways) u) d
            """,
            account.Id);
    }

    private async Task PrintStatementsAsync()
    {
        output.WriteLine(await _server.ScalarAsync<string>(
            """
            select string_agg(calls || ' × ' || left(regexp_replace(query, '\s+', ' ', 'g'), 110), E'\n' order by calls desc)
            from pg_stat_statements where calls > 1
            """));
    }
}
