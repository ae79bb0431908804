using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>How far the primary was: everything that was committed before the asking lies before it.</summary>
/// <param name="Timeline">Of its log; a promotion begins a new one.</param>
/// <param name="Lsn">Flushed up to here.</param>
/// <param name="Clock">The primary's clock.</param>
/// <param name="ReceivedAt">Timestamp of this process when it was told.</param>
internal readonly record struct PrimaryPosition(uint Timeline, NpgsqlLogSequenceNumber Lsn, DateTimeOffset Clock, long ReceivedAt)
{
    private const int TimeoutSeconds = 3;

    // Flushed, not inserted: at the boundary of a page the insert position is one that no standby reports before the next record.
    private const string Sql = "select left(pg_walfile_name(pg_current_wal_lsn()), 8), pg_current_wal_flush_lsn(), clock_timestamp()";

    /// <summary>
    /// The primary's clock now, late by what the answer took to arrive. The times of two events that follow each other are in that order
    /// in whichever processes they are taken: the later one's position was asked for after the earlier time.
    /// </summary>
    public DateTimeOffset Now(TimeProvider time) => Clock + time.GetElapsedTime(ReceivedAt);

    /// <summary>Asks.</summary>
    /// <exception cref="NpgsqlException">The primary does not answer.</exception>
    public static async Task<PrimaryPosition> AskAsync(NpgsqlConnection primary, TimeProvider time)
    {
        await using var command = new NpgsqlCommand(Sql, primary) { CommandTimeout = TimeoutSeconds };
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(
            PrimaryGuard.Timeline(reader.GetString(0)),
            reader.GetFieldValue<NpgsqlLogSequenceNumber>(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            time.GetTimestamp());
    }
}
