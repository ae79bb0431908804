using System.Threading.RateLimiting;
using Firezone.Storage.Postgres.Batching;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Availability;

/// <summary>
/// The way of all connects to the database. They share three quarters of the pool, so that grants, revocations and leases never wait behind
/// a storm of them for a connection; a bounded number waits for its turn; none waits for longer than <see cref="Patience"/>; and while the
/// database does not answer they are refused at once, but for one now and then that finds out.
/// </summary>
public sealed partial class ConnectGate : IAsyncDisposable
{
    /// <summary>Longest time for a connect, waiting included. Shorter than a front-end waits, which would ask again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Connects that may wait for their turn.</summary>
    public const int MaxWaiting = 1_000;

    private readonly Lock _lock = new();
    private readonly Circuit _circuit = new();
    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ILogger _logger;
    private readonly StorageMetrics _metrics;
    private bool _told;

    /// <param name="database">Whose pool is shared out.</param>
    /// <param name="time">For waits.</param>
    /// <param name="logger">One line when connects begin to be refused and when they no longer are.</param>
    /// <param name="metrics">Refused connects, and the circuit's state.</param>
    public ConnectGate(Database database, TimeProvider time, ILogger<ConnectGate> logger, StorageMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _started = time.GetTimestamp();
        _logger = logger;
        _metrics = metrics;
        _limiter = new(new ConcurrencyLimiterOptions
        {
            PermitLimit = Math.Max(1, database.PoolSize * 3 / 4),
            QueueLimit = MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Whether connects are let through.</summary>
    public CircuitState State
    {
        get
        {
            lock (_lock)
                return _circuit.State;
        }
    }

    /// <summary>Lets a connect ask the database.</summary>
    /// <param name="connect">
    /// The connect. It keeps its place until it ends, also when nobody waits for it any more, so that what a database leaves unanswered does
    /// not pile up.
    /// </param>
    /// <exception cref="ConnectUnavailableException">There is no decision.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        if (!TryEnter())
            throw Refuse("down", "The database does not answer.");

        var limit = new CancellationTokenSource(Patience, _time);
        var late = limit.Token;
        try
        {
            var result = await WorkAsync(connect, limit).WaitAsync(late);
            Report(null);
            return result;
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            Report(e);
            throw Refuse("late", "The database has not answered in time.", inner: e);
        }
        catch (Exception e) when (e is WriteUnavailableException || WriteFaults.Classify(e) == WriteFault.Unavailable)
        {
            Report(e);
            throw Refuse("down", "The database does not answer.", inner: e);
        }
        catch (Exception e) when (e is WriteRejectedException || WriteFaults.Classify(e) == WriteFault.Conflict)
        {
            // Somebody's transaction holds a row.
            Report(null);
            throw Refuse("conflict", "The connect could not be stored.", isBusy: true, e);
        }
        catch (Exception e) when (e is not ConnectUnavailableException)
        {
            // A fault of ours, not of the database.
            Report(null);
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    private async Task<T> WorkAsync<T>(Func<CancellationToken, Task<T>> connect, CancellationTokenSource limit)
    {
        using (limit)
        using (var place = await _limiter.AcquireAsync(1, limit.Token))
        {
            return place.IsAcquired
                ? await connect(limit.Token)
                : throw Refuse("busy", "Too many connects wait for the database.", isBusy: true);
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
            return _circuit.TryEnter(_time.GetElapsedTime(_started));
    }

    private void Report(Exception? failure)
    {
        lock (_lock)
        {
            if (failure is null)
                _circuit.Succeeded();
            else
                _circuit.Failed(_time.GetElapsedTime(_started), Random.Shared.NextDouble());
            _metrics.Circuit(_circuit.State);
            var refusing = _circuit.State != CircuitState.Closed;
            if (refusing && !_told)
                LogDown(failure!);
            if (!refusing && _told)
                LogUp();
            _told = refusing;
        }
    }

    private ConnectUnavailableException Refuse(string reason, string message, bool isBusy = false, Exception? inner = null)
    {
        _metrics.ConnectRefused(reason);
        return new(message, isBusy, inner);
    }

    [LoggerMessage(3060, LogLevel.Warning, "The database does not answer connects; they are refused until it does")]
    private partial void LogDown(Exception exception);

    [LoggerMessage(3061, LogLevel.Information, "The database answers connects again")]
    private partial void LogUp();
}
