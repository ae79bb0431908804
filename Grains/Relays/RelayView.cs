using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Hosting;
using Firezone.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Firezone.Grains.Relays;

/// <summary>
/// This silo's copy of the relay directory. A hint on the stream makes it ask at once, a timer makes it ask anyway; when the set of
/// relays has changed and then been quiet for the debounce time, the sessions that the change concerns are told.
/// </summary>
public sealed partial class RelayView(
    IClusterClient cluster,
    LocalSessions sessions,
    GrainsOptions options,
    [FromKeyedServices(Clock.Sessions)] TimeProvider time,
    ILogger<RelayView> logger) : BackgroundService
{
    private static readonly TimeSpan AskPeriod = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _hint = new(0, 1);
    private readonly Lock _lock = new();
    private ITimer? _debounce;
    private Guid _incarnation;
    private long _version;
    private bool _failing;
    private volatile RelaySnapshot _current = RelaySnapshot.Empty;

    /// <summary>The online relays as this silo knows them.</summary>
    public RelaySnapshot Current => _current;

    /// <summary>Asks the directory now instead of at the next tick. Never blocks.</summary>
    public void Ask()
    {
        try
        {
            _hint.Release();
        }
        catch (SemaphoreFullException)
        {
            // A question is under way or due already; it will see this change too.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _debounce?.Dispose();
        _hint.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _debounce = time.CreateTimer(_ => TellSessions(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        StreamSubscriptionHandle<long>? subscription = null;
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!subscribed)
                    subscription = await SubscribeAsync(subscription);
                subscribed = true;
                await RefreshAsync();
                Report(null);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                subscribed = false;
                Report(e);
            }

            try
            {
                await _hint.WaitAsync(AskPeriod, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // After a failure under the same id as before: the stream may have forgotten the subscription, or may not.
    private async Task<StreamSubscriptionHandle<long>> SubscribeAsync(StreamSubscriptionHandle<long>? before)
    {
        if (before is not null)
            return await before.ResumeAsync(OnHint);
        var provider = cluster.ServiceProvider.GetRequiredKeyedService<IStreamProvider>(RelayStream.Provider);
        return await RelayStream.Get(provider).SubscribeAsync(OnHint);

        Task OnHint(long version, StreamSequenceToken? token)
        {
            Ask();
            return Task.CompletedTask;
        }
    }

    private async Task RefreshAsync()
    {
        var view = await cluster.GetGrain<IRelayDirectoryGrain>(0).GetIfNewer(_incarnation, _version);
        if (view is null)
            return;
        (_incarnation, _version) = (view.Incarnation, view.Version);
        var before = _current;
        var after = before.Merge(view);
        _current = after;
        if (before.Relays.Count == after.Relays.Count && after.Relays.All(r => before.Find(r.RelayId) == r))
            return;
        // Restarted by every further change: a relay that drops and returns within the time is no event for anybody.
        lock (_lock)
            _debounce?.Change(options.RelayDebounce, Timeout.InfiniteTimeSpan);
    }

    private void TellSessions()
    {
        var snapshot = _current;
        foreach (var session in sessions.All())
        {
            if (session.ToldRelays is { } told && Concerns(snapshot, told))
                session.Tell(static grain => grain.OnRelaysChanged());
        }
    }

    private static bool Concerns(RelaySnapshot snapshot, Guid[] told) =>
        told.Length < RelaySelector.Count || !Array.TrueForAll(told, snapshot.Contains);

    private void Report(Exception? failure)
    {
        if (failure is null == !_failing)
            return;
        _failing = failure is not null;
        if (failure is not null)
            LogUnreachable(failure);
        else
            LogReachable();
    }

    [LoggerMessage(EventId = 3111, Level = LogLevel.Warning, Message = "The relay directory does not answer; the relays known so far stay in use")]
    private partial void LogUnreachable(Exception exception);

    [LoggerMessage(EventId = 3112, Level = LogLevel.Information, Message = "The relay directory answers again")]
    private partial void LogReachable();
}
