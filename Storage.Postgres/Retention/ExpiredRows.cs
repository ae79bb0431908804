using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>
/// Deletes what has run out: authorizations and client tokens past their expiry, and sessions that ended long ago. Every process of the
/// cluster does this; a lock lets one at a time.
/// </summary>
/// <param name="database">Where from.</param>
/// <param name="time">For the pauses; expiry is judged by the database's clock.</param>
/// <param name="logger">One line when rows were deleted, one when it fails.</param>
public sealed partial class ExpiredRows(Database database, TimeProvider time, ILogger<ExpiredRows> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // In portions, so that no statement holds its locks for long.
    private const int Portion = 5_000;

    private const string Lock = "select pg_try_advisory_xact_lock(hashtext('firezone expired rows'))";

    private static readonly string[] Statements =
    [
        """
        delete from policy_authorizations where id in (
            select id from policy_authorizations where expires_at < clock_timestamp() limit $1 for update skip locked)
        """,
        """
        delete from client_tokens where id in (
            select id from client_tokens where expires_at < clock_timestamp() limit $1 for update skip locked)
        """,
        """
        delete from sessions where id in (
            select id from sessions where opened_at < clock_timestamp() - interval '30 days' and ended_at is not null
            limit $1 for update skip locked)
        """,
    ];

    /// <summary>Deletes one portion of each.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many rows; 0 if there were none or another process is at it.</returns>
    public async Task<int> DeleteAsync(CancellationToken ct)
    {
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var acquire = new NpgsqlCommand(Lock, connection, transaction))
        {
            if (!(bool)(await acquire.ExecuteScalarAsync(ct))!)
                return 0;
        }
        var deleted = 0;
        foreach (var statement in Statements)
        {
            await using var delete = new NpgsqlCommand(statement, connection, transaction);
            delete.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Portion });
            deleted += await delete.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return deleted;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Jitter keeps the processes of a cluster from asking in step.
            await Task.Delay(Interval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                int deleted;
                while ((deleted = await DeleteAsync(stoppingToken)) > 0)
                    LogDeleted(logger, deleted);
                failing = false;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (!failing)
                    LogFailed(logger, e);
                failing = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(3040, LogLevel.Debug, "Deleted {Rows} expired rows")]
    private static partial void LogDeleted(ILogger logger, int rows);

    [LoggerMessage(3041, LogLevel.Warning, "Expired rows could not be deleted; trying again every minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
