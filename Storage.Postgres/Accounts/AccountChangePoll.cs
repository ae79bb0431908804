using Npgsql;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>
/// Finds the accounts that have changed, without notifications: by transactions that have become visible between two calls, so that
/// one which was open for long is found when it commits.
/// </summary>
/// <param name="database">One round trip per call, to the primary.</param>
/// <remarks>Not thread-safe; for one caller, which calls again and again.</remarks>
public sealed class AccountChangePoll(Database database)
{
    // Recorded changes are kept for an hour from the start of their transaction.
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(30);

    // A server that was restored or promoted may give out transaction ids again; its timeline is a new one.
    private const string Sql = """
        select pg_current_snapshot()::text, pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmax($1::text::pg_snapshot),
            left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), clock_timestamp(), c.account_id, c.version
        from (select) as always
        left join (
            select account_id, max(version) as version
            from account_changes
            where xact >= pg_snapshot_xmin($1::text::pg_snapshot) and not pg_visible_in_snapshot(xact, $1::text::pg_snapshot)
            group by account_id) c on true
        """;

    /// <summary>What the previous call saw.</summary>
    internal View? Last { get; set; }

    /// <summary>The accounts with a change that was not visible at the previous call, deleted ones included. The first call: none.</summary>
    /// <param name="ct">Gives up; the next call then covers the time of this one too.</param>
    /// <returns>
    /// Null: any account may have changed, because the server is another one or was restored, or because the previous call is too long ago.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer; the next call covers the time of this one too.</exception>
    public async Task<IReadOnlyList<AccountVersion>?> NextAsync(CancellationToken ct)
    {
        await using var command = database.Write.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = Last?.Snapshot });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var changed = new List<AccountVersion>();
        var (seen, forwards) = (default(View), true);
        while (await reader.ReadAsync(ct))
        {
            seen = new(reader.GetString(0), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3));
            forwards = reader.IsDBNull(1) || reader.GetBoolean(1);
            if (!reader.IsDBNull(4))
                changed.Add(new(reader.GetGuid(4), reader.GetInt64(5)));
        }
        var (previous, now) = (Last, seen!);
        Last = now;
        return previous is null || (forwards && previous.Timeline == now.Timeline && now.At - previous.At < MaxPause) ? changed : null;
    }

    /// <summary>What a call saw.</summary>
    /// <param name="Snapshot">In PostgreSQL's text form.</param>
    /// <param name="Timeline">Of the server's log.</param>
    /// <param name="At">The database's clock.</param>
    internal sealed record View(string Snapshot, string Timeline, DateTimeOffset At);
}
