using System.Net.Sockets;
using Npgsql;

namespace Firezone.Membership.Postgres.Table;

/// <summary>
/// Runs single statements within a limit, over again when the connection that the pool gave had died meanwhile, and learns from each answer
/// how far the local clock is off.
/// </summary>
internal sealed class TableClient(MembershipDatabase db, TimeProvider time)
{
    // The pool may hold as many connections that all died together.
    private const int Attempts = 5;

    private static readonly TimeSpan HostPause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private ClockShift _shift;

    /// <summary>By the latest answer.</summary>
    public ClockShift Shift
    {
        get
        {
            lock (_gate)
                return _shift;
        }
    }

    /// <summary>Whether an operation failed because the database could not be reached or did not answer, or not as a primary should.</summary>
    public static bool IsDatabaseFailure(Exception e) => e is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>Runs a statement whose first column is the database's time.</summary>
    /// <param name="sql">One statement with positional parameters.</param>
    /// <param name="parameters">Their values.</param>
    /// <param name="limit">For everything, the opening of a connection included.</param>
    /// <param name="read">Makes a value of a row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">Not done within the limit; whether a write was made is unknown.</exception>
    /// <exception cref="NpgsqlException">The database refused, or cannot be reached.</exception>
    public async Task<List<T>> QueryAsync<T>(
        string sql, object?[] parameters, TimeSpan limit, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        // Not on this thread, and left behind at the deadline: Npgsql takes its time to give up a statement on a connection that is silent.
        var token = both.Token;
        var work = Task.Run(() => RetryAsync(sql, parameters, read, token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(token);
        }
        catch (Exception e) when (both.IsCancellationRequested && (e is OperationCanceledException || IsDatabaseFailure(e)))
        {
            _ = work.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The database did not answer a membership statement within {limit.TotalSeconds} s.", e);
        }
    }

    private async Task<List<T>> RetryAsync<T>(string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await OpenAsync(token);
            try
            {
                return await OnceAsync(connection, sql, parameters, read, token);
            }
            catch (NpgsqlException e) when (attempt < Attempts && IsStaleConnection(e) && !token.IsCancellationRequested)
            {
                // The conditions of a write make it safe to repeat: at worst it is refused as if another writer had been first.
                db.Pool.Clear();
            }
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken token)
    {
        while (true)
        {
            try
            {
                return await db.Pool.OpenConnectionAsync(token);
            }
            catch (NpgsqlException e) when (e is not PostgresException && e.InnerException is null && !token.IsCancellationRequested)
            {
                // No host was tried: Npgsql holds those for dead whose connections broke a moment ago, until it is time to look again.
                await Task.Delay(HostPause + HostPause * Random.Shared.NextDouble(), time, token);
            }
        }
    }

    private async Task<List<T>> OnceAsync<T>(
        NpgsqlConnection connection, string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        var results = new List<T>();
        var asked = time.GetUtcNow().UtcDateTime;
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            if (results.Count == 0)
                Observe(asked, time.GetUtcNow().UtcDateTime, reader.GetDateTime(0));
            results.Add(read(reader));
        }
        return results;
    }

    private void Observe(DateTime asked, DateTime answered, DateTime database)
    {
        lock (_gate)
            _shift = _shift.Observe(asked - database, answered - database);
    }

    // Broken, ended by the server's stop, or to a server that has become a standby.
    private static bool IsStaleConnection(NpgsqlException e) =>
        e is PostgresException p
            ? p.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.ReadOnlySqlTransaction
            : e.InnerException is IOException or SocketException;
}
