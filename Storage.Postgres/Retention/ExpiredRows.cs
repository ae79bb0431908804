using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>
/// Deletes what has run out: authorizations, their tombstones and tokens past their expiry, recorded changes that everybody has read,
/// sessions that ended long ago, and answers to requests that can no longer be repeated. Every process of the cluster does this; a lock
/// lets one at a time.
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

    // The tokens come last: their deletion raises the versions of their accounts and holds these until the end. Accounts that somebody
    // else is changing have their turn later.
    private static readonly string[] Statements =
    [
        """
        delete from policy_authorizations where id in (
            select id from policy_authorizations where expires_at < clock_timestamp() limit $1 for update skip locked)
        """,
        """
        delete from revoked_authorizations where (gateway_id, client_id, resource_id) in (
            select gateway_id, client_id, resource_id from revoked_authorizations where expires_at < clock_timestamp()
            limit $1 for update skip locked)
        """,
        """
        delete from former_gateways where id in (
            select f.id from former_gateways f
            where f.deleted_at < clock_timestamp() - interval '1 hour'
                and not exists (select from revoked_authorizations r where r.gateway_id = f.id)
            limit $1 for update skip locked)
        """,
        // Whole transactions: half of one would look like all of it.
        """
        delete from account_changes where xact in (
            select xact from (select xact, changed_at from account_changes order by xact limit $1) oldest
            where changed_at < clock_timestamp() - interval '1 hour')
        """,
        """
        delete from sessions where id in (
            select id from sessions where opened_at < clock_timestamp() - interval '30 days' and ended_at is not null
            limit $1 for update skip locked)
        """,
        """
        delete from admin_tokens where id in (
            select id from admin_tokens where expires_at < clock_timestamp() limit $1 for update skip locked)
        """,
        """
        delete from admin_requests where (token_id, key_hash) in (
            select token_id, key_hash from admin_requests where created_at < clock_timestamp() - interval '24 hours'
            limit $1 for update skip locked)
        """,
        """
        delete from client_tokens where id in (
            select t.id from client_tokens t join accounts a on a.id = t.account_id
            where t.expires_at < clock_timestamp()
            limit $1 for update of t skip locked for no key update of a skip locked)
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
