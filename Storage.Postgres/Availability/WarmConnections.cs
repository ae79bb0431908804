using System.Data;
using Npgsql;

namespace Firezone.Storage.Postgres.Availability;

/// <summary>
/// Connections for the statements that run all the time. The pool takes turns among all that it has open, and each belongs to a process of the
/// server whose memory no cache holds by then; here the one that was used last is used next. What is not needed here is the pool's.
/// </summary>
/// <param name="pool">Where they come from, and go back to.</param>
/// <param name="kept">
/// How many may wait here unused; others cannot have them. A small part of the pool, else those who do not come here would have none.
/// </param>
/// <param name="time">For how long one is used before the pool looks at it: that is where the limits of the connection string apply.</param>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class WarmConnections(NpgsqlDataSource pool, int kept, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Stack<Kept> _kept = new(kept);
    private int _generation;
    private bool _disposed;

    /// <summary>Runs something on an open connection that nobody else uses meanwhile.</summary>
    /// <param name="use">
    /// Leaves no transaction open and changes nothing of the session, unless it fails: then the pool judges the connection.
    /// </param>
    /// <param name="ct">Gives up waiting for a connection.</param>
    /// <exception cref="NpgsqlException">There is none, or what <paramref name="use"/> has thrown.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken ct)
    {
        if (!TryTake(out var taken))
            taken = new(await pool.OpenConnectionAsync(ct), time.GetTimestamp(), Volatile.Read(ref _generation));
        var isKept = false;
        try
        {
            var result = await use(taken.Connection);
            isKept = TryKeep(taken);
            return result;
        }
        finally
        {
            if (!isKept)
                await ReturnAsync(taken.Connection);
        }
    }

    /// <summary>Closes all, the pool's too, those in use when they come back: they may lead to a server that is none any more.</summary>
    public void Clear()
    {
        GiveBack();
        pool.Clear();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
            _disposed = true;
        GiveBack();
        return ValueTask.CompletedTask;
    }

    private void GiveBack()
    {
        Kept[] stale;
        lock (_lock)
        {
            _generation++;
            stale = [.. _kept];
            _kept.Clear();
        }

        foreach (var one in stale)
            one.Connection.Dispose();
    }

    private bool TryTake(out Kept taken)
    {
        lock (_lock)
            return _kept.TryPop(out taken);
    }

    private bool TryKeep(Kept used)
    {
        if (used.Connection.FullState != ConnectionState.Open || time.GetElapsedTime(used.Since) > Turn)
            return false;
        lock (_lock)
        {
            if (_disposed || used.Generation != _generation || _kept.Count >= kept)
                return false;
            _kept.Push(used);
            return true;
        }
    }

    private async ValueTask ReturnAsync(NpgsqlConnection connection)
    {
        // The server has gone, and with it most likely what waits here; the pool does the same with its own.
        if (connection.FullState is ConnectionState.Broken or ConnectionState.Closed)
            GiveBack();
        await connection.DisposeAsync();
    }

    private readonly record struct Kept(NpgsqlConnection Connection, long Since, int Generation);
}
