using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>
/// Removes what has run out: drops partitions, and deletes rows in many short transactions on one connection, with pauses between them.
/// </summary>
/// <param name="options">How long things are kept, and the pace.</param>
/// <param name="months">What is dropped as a whole.</param>
/// <param name="time">For the pauses; expiry is judged by the database's clock.</param>
/// <param name="metrics">Rows deleted, and how far behind.</param>
/// <param name="logger">One line when a table begins to fail and one when it goes on.</param>
internal sealed partial class ExpiredRows(
    IOptions<RetentionOptions> options, AuditLogMonths months, TimeProvider time, RetentionMetrics metrics, ILogger<ExpiredRows> logger)
{
    // Far above what a batch takes; a recorded transaction of a million rows goes in one.
    private const int TimeoutSeconds = 60;

    private readonly HashSet<string> _failing = [];

    /// <summary>One round over all tables, bounded by <see cref="RetentionOptions.BatchesPerRound"/>.</summary>
    /// <param name="connection">Open, on the primary. It is broken afterwards if the database went away.</param>
    /// <param name="ct">Stops after the batch under way, or cancels it.</param>
    /// <returns>How many rows were deleted.</returns>
    /// <exception cref="NpgsqlException">The connection broke. What the database refuses is logged, and the next table has its turn.</exception>
    public async Task<long> DeleteAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await AttemptAsync("audit_log (partitions)", () => months.KeepAsync(connection, TimeSpan.FromDays(options.Value.AuditLogDays), ct));
        var deleted = 0L;
        foreach (var table in ExpiringTable.All)
        {
            await AttemptAsync(table.Name, async () =>
            {
                deleted += await DeleteAsync(table, connection, ct);
                await MeasureAsync(table, connection, ct);
            });
        }
        return deleted;

        async Task AttemptAsync(string what, Func<Task> work)
        {
            try
            {
                await work();
                if (_failing.Remove(what))
                    LogGoesOn(logger, what);
            }
            catch (PostgresException e) when (connection.FullState == System.Data.ConnectionState.Open && !ct.IsCancellationRequested)
            {
                if (_failing.Add(what))
                    LogFailed(logger, what, e);
            }
        }
    }

    private async Task<long> DeleteAsync(ExpiringTable table, NpgsqlConnection connection, CancellationToken ct)
    {
        var settings = options.Value;
        var deleted = 0L;
        for (var batch = 0; batch < settings.BatchesPerRound; batch++)
        {
            var started = time.GetTimestamp();
            await using var delete = new NpgsqlCommand(table.Delete, connection) { CommandTimeout = TimeoutSeconds };
            delete.Parameters.Add(new NpgsqlParameter<int> { TypedValue = settings.BatchRows });
            delete.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = table.Keep(settings) });
            var rows = await delete.ExecuteNonQueryAsync(ct);
            if (rows == 0)
                break;
            deleted += rows;
            metrics.Deleted(table.Name, rows);
            // Never more than half of the time, so that a slow database is not made slower.
            var took = time.GetElapsedTime(started);
            await Task.Delay(took > settings.Pause ? took : settings.Pause, time, ct);
        }
        return deleted;
    }

    private async Task MeasureAsync(ExpiringTable table, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var oldest = new NpgsqlCommand(
            $"select greatest(statement_timestamp() - $1 - ({table.Oldest}), interval '0')", connection);
        oldest.CommandTimeout = TimeoutSeconds;
        oldest.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = table.Keep(options.Value) });
        metrics.Oldest(table.Name, await oldest.ExecuteScalarAsync(ct) is TimeSpan age ? age : TimeSpan.Zero);
    }

    [LoggerMessage(3040, LogLevel.Warning, "Expired rows of {Table} could not be deleted; trying again in every round")]
    private static partial void LogFailed(ILogger logger, string table, Exception exception);

    [LoggerMessage(3041, LogLevel.Information, "Expired rows of {Table} are deleted again")]
    private static partial void LogGoesOn(ILogger logger, string table);
}
