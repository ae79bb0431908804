using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Membership.Postgres.Locks;

/// <summary>
/// Waits on a session of its own until nobody holds a silo's session lock. PostgreSQL grants it 2-3 ms after the death of the holder's
/// session. Start it only when the silo has said that it holds the lock.
/// </summary>
internal sealed partial class LockWatch(MembershipDatabase db, SiloId silo, TimeProvider time, ILogger<LockWatch> log)
{
    private readonly SessionLockKey _key = SessionLockKey.For(db.ClusterId, silo);

    /// <summary>Longest single wait; then it is issued again. A statement without end would hold back vacuum in the whole database.</summary>
    internal TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much later than <see cref="LockTimeout"/>, or after any other statement, the server's answer is given up.</summary>
    internal TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One life, for one call. Never throws for database trouble.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the server was told, and nothing waits there any more unless it cannot be reached.</exception>
    public async Task<LockWatchEnd> RunAsync(CancellationToken ct)
    {
        try
        {
            await WaitForReleaseAsync(ct);
            LogReleased(log, silo);
            return LockWatchEnd.Released;
        }
        catch (Exception e) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException("The watch was ended.", e, ct);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or IOException or TimeoutException or InvalidOperationException)
        {
            LogBroken(log, silo, e);
            return LockWatchEnd.Broken;
        }
    }

    private async Task WaitForReleaseAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenSessionAsync(ct);
        await using (var settings = new NpgsqlCommand(
            $"set lock_timeout = {(int)LockTimeout.TotalMilliseconds}", connection))
        {
            await BoundedAsync(settings.ExecuteNonQueryAsync, AnswerTimeout, ct);
        }

        await using var attempt = Command("select pg_try_advisory_lock_shared($1, $2)", connection);
        var free = await BoundedAsync(attempt.ExecuteScalarAsync, AnswerTimeout, ct) is true;
        if (!free)
        {
            LogWaiting(log, silo);
            await using var wait = Command("select pg_advisory_lock_shared($1, $2)", connection);
            while (!await TryWaitAsync(wait, ct))
            {
            }
        }

        // The silo may already be trying to take its lock again. What the server does not hear now, it sees when the session closes.
        await using var release = Command("select pg_advisory_unlock_shared($1, $2)", connection);
        try
        {
            await BoundedAsync(release.ExecuteNonQueryAsync, TimeSpan.FromSeconds(1), CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or IOException or TimeoutException or InvalidOperationException)
        {
            LogNotReleased(log, silo, e);
        }
    }

    private async Task<bool> TryWaitAsync(NpgsqlCommand wait, CancellationToken ct)
    {
        try
        {
            await BoundedAsync(wait.ExecuteNonQueryAsync, LockTimeout + AnswerTimeout, ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    // A waiter whose other end vanished looks like one that waits: only the missing answer to lock_timeout tells.
    private async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> execute, TimeSpan limit, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        return await execute(either.Token);
    }

    private NpgsqlCommand Command(string sql, NpgsqlConnection connection) => new(sql, connection)
    {
        Parameters =
        {
            new NpgsqlParameter<int> { TypedValue = _key.Cluster },
            new NpgsqlParameter<int> { TypedValue = _key.Silo },
        },
    };

    [LoggerMessage(7120, LogLevel.Debug, "Waiting for the session lock of {Silo}")]
    private static partial void LogWaiting(ILogger logger, SiloId silo);

    [LoggerMessage(7121, LogLevel.Information, "The session lock of {Silo} is free: its database session is gone")]
    private static partial void LogReleased(ILogger logger, SiloId silo);

    [LoggerMessage(7122, LogLevel.Warning, "The wait for the session lock of {Silo} broke; nothing is known about that silo")]
    private static partial void LogBroken(ILogger logger, SiloId silo, Exception exception);

    [LoggerMessage(7123, LogLevel.Debug, "The session lock of {Silo} was not given back by a statement; closing the session does it")]
    private static partial void LogNotReleased(ILogger logger, SiloId silo, Exception exception);
}
