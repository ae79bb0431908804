using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Firezone.Storage.Postgres.Retention;

/// <summary>
/// Housekeeping by one process of the cluster: whoever holds an advisory lock of the primary. The lock belongs to a session of the server,
/// and all work is done in that very session, so a process that lost the lock cannot go on, and a server that was promoted knows no holder.
/// </summary>
/// <remarks>
/// Two workers at once, as after a fail-over to which the old primary does not listen or behind a pooler in transaction mode, do twice the
/// work and no harm.
/// </remarks>
/// <param name="database">The primary.</param>
/// <param name="rows">The work.</param>
/// <param name="options">The pace.</param>
/// <param name="time">For the pauses.</param>
/// <param name="metrics">Whether this process is elected.</param>
/// <param name="logger">One line per change of this process's role.</param>
internal sealed partial class Housekeeper(
    Database database, ExpiredRows rows, IOptions<RetentionOptions> options, TimeProvider time, RetentionMetrics metrics, ILogger<Housekeeper> logger)
    : BackgroundService
{
    // Without the keep-alive the server would hold the lock of a vanished host for two hours. Locks of rows and tables are not waited for:
    // housekeeping has time.
    private const string Lock = """
        set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set lock_timeout = '500ms';
        select pg_try_advisory_lock(hashtext('firezone housekeeping'))
        """;

    private const string Unlock = "select pg_advisory_unlock(hashtext('firezone housekeeping'))";

    private NpgsqlConnection? _elected;

    /// <summary>Takes the role if nobody has it, and does one round if this process has it.</summary>
    /// <param name="ct">Stops soon; the role is kept.</param>
    /// <returns>How many rows were deleted; null: another process has the role.</returns>
    /// <exception cref="NpgsqlException">The database went away, and the role with it.</exception>
    internal async Task<long?> DoRoundAsync(CancellationToken ct)
    {
        if (_elected is null && !await TryTakeRoleAsync(ct))
            return null;
        try
        {
            return await rows.DeleteAsync(_elected!, ct);
        }
        catch (Exception e) when (_elected!.FullState != System.Data.ConnectionState.Open)
        {
            LogLost(logger, e);
            await LeaveAsync();
            throw;
        }
    }

    /// <summary>Gives the role up, if this process has it.</summary>
    internal async Task ResignAsync()
    {
        if (_elected is null)
            return;
        LogResigned(logger);
        try
        {
            await using var unlock = new NpgsqlCommand(Unlock, _elected) { CommandTimeout = 2 };
            await unlock.ExecuteNonQueryAsync();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            // The server is away, and the lock with the session.
        }
        await LeaveAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Jitter keeps the processes of a cluster from asking in step.
            await Task.Delay(options.Value.Interval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!stoppingToken.IsCancellationRequested)
                    await DoRoundAsync(stoppingToken);
                failing = false;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What was under way when the process was told to stop.
            }
            catch (Exception e)
            {
                if (!failing)
                    LogFailed(logger, e);
                failing = true;
            }
        }
        await ResignAsync();
    }

    private async Task<bool> TryTakeRoleAsync(CancellationToken ct)
    {
        var connection = await database.OpenSessionAsync("firezone-housekeeping", 10, ct);
        try
        {
            await using var acquire = new NpgsqlCommand(Lock, connection);
            if (!(bool)(await acquire.ExecuteScalarAsync(ct))!)
                return false;
            _elected = connection;
        }
        finally
        {
            if (_elected is null)
                await connection.DisposeAsync();
        }
        metrics.Elected(true);
        LogElected(logger);
        return true;
    }

    private async Task LeaveAsync()
    {
        metrics.Elected(false);
        var connection = _elected!;
        _elected = null;
        await connection.DisposeAsync();
    }

    [LoggerMessage(3042, LogLevel.Information, "This process does the cluster's housekeeping from now on")]
    private static partial void LogElected(ILogger logger);

    [LoggerMessage(3043, LogLevel.Information, "This process leaves the cluster's housekeeping to others")]
    private static partial void LogResigned(ILogger logger);

    [LoggerMessage(3044, LogLevel.Warning, "This process lost its session, and the cluster's housekeeping with it")]
    private static partial void LogLost(ILogger logger, Exception exception);

    [LoggerMessage(3045, LogLevel.Warning, "Housekeeping is not possible; trying again with every interval")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
