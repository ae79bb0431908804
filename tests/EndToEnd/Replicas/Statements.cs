using Firezone.Shared;
using Npgsql;

namespace Firezone.EndToEnd.Replicas;

/// <summary>What a server was asked in the database of the portal, by text.</summary>
/// <param name="Calls">How often each statement was executed.</param>
internal sealed record Statements(IReadOnlyDictionary<string, long> Calls)
{
    // Not those of this test, and not what Npgsql asks once about a server's types.
    private const string Sql =
        """
        select s.query, sum(s.calls)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname = current_database() and s.query !~ 'pg_stat_statements|pg_snapshot_xmax|pg_type|pg_enum|pg_attribute'
        group by s.query
        """;

    private static readonly string[] NoReads = ["insert ", "update ", "delete ", "_lsn", "pg_stat_"];

    /// <summary>All executions.</summary>
    public long Total => Calls.Values.Sum();

    /// <summary>Executions of statements that read what is stored; asking for a position in the log is none.</summary>
    public long Reads => Calls.Where(call => IsRead(call.Key)).Sum(call => call.Value);

    public static async Task<Statements> OfAsync(PostgresNode node)
    {
        await using var connection = new NpgsqlConnection(node.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var calls = new Dictionary<string, long>();
        while (await reader.ReadAsync())
            calls.Add(reader.GetString(0), reader.GetInt64(1));
        return new Statements(calls);
    }

    /// <summary>How many transactions of a server have written up to now, whatever their database.</summary>
    public static async Task<long> WritesAsync(PostgresNode node) =>
        await node.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

    /// <summary>The most frequent ones, a line each.</summary>
    public string Describe(int lines = 12) => string.Join('\n', Calls
        .OrderByDescending(call => call.Value)
        .Take(lines)
        .Select(call => $"{call.Value,8} {Line(call.Key)}"));

    private static string Line(string query)
    {
        var line = string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 110 ? line[..110] : line;
    }

    private static bool IsRead(string query) =>
        (query.TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase) || query.TrimStart().StartsWith("with", StringComparison.OrdinalIgnoreCase))
        && query.Contains("from", StringComparison.OrdinalIgnoreCase)
        && !NoReads.Any(word => query.Contains(word, StringComparison.OrdinalIgnoreCase));
}
