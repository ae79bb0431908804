using System.Data;
using Npgsql;

namespace Firezone.Storage.Postgres.Availability;

/// <summary>
/// Connections for the statements that run all the time. The pool takes turns among all that it has open, and each belongs to a process of the
/// server whose memory no cache holds by then; here the one that was used last is used next. What is not needed here is the pool's.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class WarmConnections : IAsyncDisposable
{
    /// <summary>
    /// So long one is used before the pool gets it back, whose limits of age apply then; and so long it waits unused, at most twice: the network may
    /// forget a connection that is silent for some minutes.
    /// </summary>
    internal static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _pool;
    private readonly int _room;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    // What was used last stands last.
    private readonly List<Kept> _kept = [];
    private int _generation;
    private bool _disposed;

    /// <param name="pool">Where they come from, and go back to.</param>
    /// <param name="room">
    /// How many may wait here unused; others cannot have them. A small part of the pool, else those who do not come here would have none.
    /// </param>
    /// <param name="time">For <see cref="Turn"/>.</param>
    public WarmConnections(NpgsqlDataSource pool, int room, TimeProvider time)
    {
        (_pool, _room, _time) = (pool, room, time);
        _timer = time.CreateTimer(static self => ((WarmConnections)self!).GiveBackIdle(), this, Turn, Turn);
    }

    /// <summary>Runs something on an open connection that nobody else uses meanwhile.</summary>
    /// <param name="use">
    /// Leaves no transaction open and changes nothing of the session, unless it fails: then the pool judges the connection.
    /// </param>
    /// <param name="ct">Gives up waiting for a connection.</param>
    /// <exception cref="NpgsqlException">There is none, or what <paramref name="use"/> has thrown.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken ct)
    {
        var generation = Volatile.Read(ref _generation);
        if (!TryTake(out var taken))
            taken = new(await _pool.OpenConnectionAsync(ct), generation, _time.GetTimestamp(), 0);
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
        _pool.Clear();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
            _disposed = true;
        GiveBack();
        return _timer.DisposeAsync();
    }

    private void GiveBack()
    {
        lock (_lock)
            _generation++;
        GiveBack(static _ => true);
    }

    private void GiveBackIdle() => GiveBack(one => _time.GetElapsedTime(one.Used) >= Turn);

    private void GiveBack(Func<Kept, bool> which)
    {
        Kept[] gone;
        lock (_lock)
        {
            gone = [.. _kept.TakeWhile(which)];
            _kept.RemoveRange(0, gone.Length);
        }

        foreach (var one in gone)
            one.Connection.Dispose();
    }

    private bool TryTake(out Kept taken)
    {
        lock (_lock)
        {
            taken = _kept.LastOrDefault();
            if (_kept.Count == 0)
                return false;
            _kept.RemoveAt(_kept.Count - 1);
            return true;
        }
    }

    private bool TryKeep(in Kept used)
    {
        var now = _time.GetTimestamp();
        if (used.Connection.FullState != ConnectionState.Open || _time.GetElapsedTime(used.Since, now) > Turn)
            return false;
        lock (_lock)
        {
            if (_disposed || used.Generation != _generation || _kept.Count >= _room)
                return false;
            _kept.Add(used with { Used = now });
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

    private readonly record struct Kept(NpgsqlConnection Connection, int Generation, long Since, long Used);
}
