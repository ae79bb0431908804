using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Flows;

/// <summary>What a known device's connect costs the database.</summary>
public sealed class ReconnectTests(PortalFixture fixture, Xunit.Abstractions.ITestOutputHelper output) : IClassFixture<PortalFixture>
{
    private const int Reconnects = 1_000;
    private readonly Portal _portal = fixture.Portal;

    [Fact]
    public async Task A_thousand_reconnects_of_known_devices_write_in_batches_only()
    {
        await using var database = new Database(_portal.ConnectionString);
        await ExecuteAsync(database, "create extension if not exists pg_stat_statements");
        var account = await TestAccount.CreateAsync(database);
        for (var device = 0; device < 10; device++)
            await ConnectAsync(account, device);

        await ExecuteAsync(database, "select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)");
        for (var i = 0; i < Reconnects; i++)
            await ConnectAsync(account, i % 10);

        var writes = new List<(long Calls, string Query)>();
        await using var command = database.Write.CreateCommand(
            """
            select s.calls, s.query from pg_stat_statements s join pg_database d on d.oid = s.dbid
            where d.datname = current_database() and s.query ~* '\m(insert|update|delete)\M' order by s.calls desc
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            writes.Add((reader.GetInt64(0), reader.GetString(1)));
        foreach (var (calls, query) in writes)
            output.WriteLine($"{calls} calls: {query.ReplaceLineEndings(" ")[..Math.Min(query.Length, 100)]}");

        // One writing statement per connect would be a thousand; group commits of one socket at a time are the worst case for batching.
        Assert.All(writes, w => Assert.InRange(w.Calls, 0, Reconnects / 2));
    }

    private async Task ConnectAsync(TestAccount account, int device)
    {
        using var client = await FlowScript.ClientAsync(_portal.FrontEndPort, account, $"device-{device}");
        await client.JoinAsync();
    }

    private static async Task ExecuteAsync(Database database, string sql)
    {
        await using var command = database.Write.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
