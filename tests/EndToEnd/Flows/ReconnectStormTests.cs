using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Flows;

/// <summary>What the return of many known devices at once costs the primary.</summary>
[Collection("Storms")]
public sealed class ReconnectStormTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int AtOnce = 64;

    private OwnServer _server = null!;

    public async Task InitializeAsync() => _server = await OwnServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public Task A_thousand_devices_that_return_are_written_in_twenty_transactions_and_none_is_forgotten() => ReturnAsync(clients: 980, gateways: 20);

    [Fact]
    [Trait("Form", "Long")]
    public Task Five_thousand_devices_that_return_are_written_in_a_hundred_transactions_and_none_is_forgotten() =>
        ReturnAsync(clients: 4_900, gateways: 100);

    private async Task ReturnAsync(int clients, int gateways)
    {
        await using var database = new Database(_server.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        await KnownDevices.AddAsync(_server, account, clients, gateways);
        var portal = await Portal.CoHostedOnAsync(_server.ConnectionString);
        var sockets = new V1Peer?[clients + gateways];
        try
        {
            // Not the first of their kind: what runs for the first time is no part of a storm.
            (await ConnectAsync(0)).Dispose();
            (await ConnectAsync(clients)).Dispose();
            await _server.ExecuteAsync("select pg_stat_statements_reset()");
            var transactions = await TransactionsAsync();
            var began = TimeProvider.System.GetTimestamp();

            await Parallel.ForAsync(0, sockets.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (device, _) =>
                sockets[device] = await ConnectAsync(device));
            var took = TimeProvider.System.GetElapsedTime(began);
            transactions = await TransactionsAsync() - transactions;
            output.WriteLine($"{sockets.Length} devices in {took.TotalSeconds:0.0} s: {transactions} transactions that wrote");
            await PrintStatementsAsync();

            // Fifty devices each; a machine that takes longer than ten seconds for five thousand writes as often per second.
            Assert.InRange(transactions, 1, Math.Max(sockets.Length / 50, 10 * took.TotalSeconds));
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

        Task<V1Peer> ConnectAsync(int device) => device < clients
            ? JoinAsync(portal, "client", $"c{device}", Connect.Client().WithToken(account.Client.Text))
            : JoinAsync(portal, "gateway", $"g{device}", Connect.Gateway().WithToken(account.Gateway.Text));
    }

    private static async Task<V1Peer> JoinAsync(Portal portal, string role, string device, Connect connect)
    {
        var peer = await V1Peer.ConnectAsync(
            portal.FrontEndPort, role, connect.With("external_id", device).With("public_key", KnownDevices.Key(device)));
        await peer.JoinAsync();
        return peer;
    }

    // Without a transaction of its own that would count.
    private Task<long> TransactionsAsync() => _server.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

    private async Task PrintStatementsAsync()
    {
        output.WriteLine(await _server.ScalarAsync<string>(
            """
            select string_agg(calls || ' × ' || left(regexp_replace(query, '\s+', ' ', 'g'), 110), E'\n' order by calls desc)
            from pg_stat_statements where calls > 1
            """));
    }
}
