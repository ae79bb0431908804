using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>
/// Tells which accounts changed, whatever changed them. A notification is a hint: it may come twice, out of order with one's own reads,
/// or never, if the connection was down; after every (re)connect <see cref="Reconnected"/> says that all that was read before may be old.
/// </summary>
public sealed partial class AccountChangeListener : BackgroundService
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastBackoff = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger<AccountChangeListener> _logger;
    private readonly StorageMetrics _metrics;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<Guid, long>[] _subscribers = [];

    /// <summary>Connects when the host starts it.</summary>
    /// <param name="database">
    /// Gives a connection of its own, outside the pool. It must not lead through a pooler in transaction mode: LISTEN succeeds there and
    /// nothing is ever received.
    /// </param>
    /// <param name="time">For waits.</param>
    /// <param name="logger">One line per change of state.</param>
    /// <param name="metrics">Counters.</param>
    public AccountChangeListener(Database database, TimeProvider time, ILogger<AccountChangeListener> logger, StorageMetrics metrics)
    {
        _database = database;
        _time = time;
        _logger = logger;
        _metrics = metrics;
    }

    /// <summary>
    /// Raised whenever LISTEN was established, the first time included: changes before that were not heard. Handlers must be quick;
    /// they run on the listening loop.
    /// </summary>
    public event Action? Reconnected;

    /// <summary>A connection that was silent for this long is asked whether it lives.</summary>
    internal TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Completes when LISTEN is established for the first time.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Registers a callback for changed accounts and their new versions.</summary>
    /// <param name="changed">Must be quick; it runs on the listening loop. What it throws is logged and otherwise ignored.</param>
    /// <returns>Ends the registration; a call under way may still be running then.</returns>
    public IDisposable Subscribe(Action<Guid, long> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        lock (_listening)
            _subscribers = [.. _subscribers, changed];
        return new Subscription(() =>
        {
            lock (_listening)
                _subscribers = [.. _subscribers.Where(s => s != changed)];
        });
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var backoff = FirstBackoff;
        var connected = true; // the first failure is a change of state
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(
                    () =>
                    {
                        connected = true;
                        backoff = FirstBackoff;
                    },
                    stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (connected)
                    LogLost(_logger, e);
                connected = false;
            }
            catch (Exception)
            {
                // A connection that breaks at the moment of the stop must not end the host as a failure.
                return;
            }
            // Jitter: the processes of a cluster must not come back to a restarted server in step.
            var delay = backoff * (0.5 + (Random.Shared.NextDouble() / 2));
            await Task.Delay(delay, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backoff = backoff * 2 < LastBackoff ? backoff * 2 : LastBackoff;
        }
    }

    private async Task ListenAsync(Action established, CancellationToken ct)
    {
        await using var connection = await _database.OpenSessionAsync("firezone-changes", 3, ct);
        connection.Notification += (_, e) => Dispatch(e.Payload);
        await ExecuteAsync(connection, "listen firezone_accounts", ct);
        established();
        _metrics.Listening();
        LogListening(_logger);
        _listening.TrySetResult();
        Guarded(() => Reconnected?.Invoke());
        while (true)
        {
            // A connection whose other end vanished looks idle. Asking after a pause finds out within the command timeout.
            if (!await connection.WaitAsync(PingAfter, ct))
                await ExecuteAsync(connection, "select 1", ct);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private void Dispatch(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0
            || !Guid.TryParse(payload.AsSpan(0, colon), out var account)
            || !long.TryParse(payload.AsSpan(colon + 1), out var version))
        {
            LogMalformed(_logger);
            return;
        }
        foreach (var subscriber in Volatile.Read(ref _subscribers))
            Guarded(() => subscriber(account, version));
    }

    private void Guarded(Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception e)
        {
            LogHandlerFailed(_logger, e);
        }
    }

    [LoggerMessage(3020, LogLevel.Information, "Listening for account changes")]
    private static partial void LogListening(ILogger logger);

    [LoggerMessage(3021, LogLevel.Warning, "Account changes are not heard; reconnecting")]
    private static partial void LogLost(ILogger logger, Exception exception);

    [LoggerMessage(3022, LogLevel.Warning, "A malformed notification on channel firezone_accounts was ignored")]
    private static partial void LogMalformed(ILogger logger);

    [LoggerMessage(3023, LogLevel.Error, "A handler of account changes failed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
