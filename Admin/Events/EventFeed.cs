using System.Text.Json;
using Firezone.Admin.Authentication;
using Firezone.Admin.Hosting;

namespace Firezone.Admin.Events;

/// <summary>
/// Tells listeners what happens in their accounts. One loop per process looks twice a second, for all listeners together, and not at all
/// while there are none.
/// </summary>
internal sealed partial class EventFeed(EventReader reader, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EventFeed> logger)
    : BackgroundService
{
    /// <summary>How many listeners an account may have in this process.</summary>
    public const int MaxPerAccount = 20;

    private const int TurnsPerHeartbeat = 30;
    private const int TurnsPerTokenCheck = 4;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly List<Listener> _listeners = [];
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>A listener that gets what happens from the event <c>ready</c> on; null: the account has too many.</summary>
    public Listener? TryAdd(Caller caller, string[] kinds)
    {
        var listener = new Listener(caller, kinds);
        lock (_lock)
        {
            if (_listeners.Count(l => l.AccountId == listener.AccountId) >= MaxPerAccount)
                return null;
            _listeners.Add(listener);
        }

        _arrived.Release();
        return listener;
    }

    /// <summary>Forgets a listener.</summary>
    public void Remove(Listener listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // At the first sign of a stop: the web server waits for open responses.
        await using var stopping = lifetime.ApplicationStopping.Register(() => EndAll("shutting_down"));
        var failing = false;
        string? point = null;
        for (var turn = 0; !stoppingToken.IsCancellationRequested; turn++)
        {
            var listeners = Current();
            try
            {
                if (listeners.Length == 0)
                {
                    point = null;
                    await _arrived.WaitAsync(stoppingToken);
                    continue;
                }

                point = await LookAsync(listeners, point, turn, stoppingToken);
                failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The point stays: nothing is lost, only later.
                if (!failing)
                    Failed(e);
                failing = true;
            }

            await Task.Delay(Turn, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> LookAsync(Listener[] listeners, string? from, int turn, CancellationToken ct)
    {
        var to = await reader.GetPointAsync(ct);
        if (from is not null && from != to)
        {
            foreach (var one in await reader.ReadAsync([.. listeners.Select(l => l.AccountId).Distinct()], from, to, ct))
            {
                foreach (var listener in listeners)
                    listener.Offer(one);
            }
        }

        var now = JsonSerializer.Serialize(new { at = time.GetUtcNow() }, AdminJson.Options);
        foreach (var listener in listeners)
        {
            if (!listener.Ready)
                listener.Begin(now);
            else if (turn % TurnsPerHeartbeat == 0)
                listener.Send("heartbeat", now);
        }

        if (turn % TurnsPerTokenCheck == 0)
        {
            var good = await reader.FindGoodTokensAsync([.. listeners.Select(l => l.TokenId).Distinct()], ct);
            foreach (var listener in listeners.Where(l => !good.Contains(l.TokenId)))
                listener.End("revoked");
        }

        return to;
    }

    private Listener[] Current()
    {
        lock (_lock)
        {
            return [.. _listeners];
        }
    }

    private void EndAll(string reason)
    {
        foreach (var listener in Current())
            listener.End(reason);
    }

    [LoggerMessage(EventId = 5010, Level = LogLevel.Warning, Message = "Events cannot be read; listeners wait")]
    private partial void Failed(Exception exception);
}
