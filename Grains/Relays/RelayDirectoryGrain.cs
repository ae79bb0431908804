using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Sessions;
using Firezone.Grains.Status;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Firezone.Grains.Relays;

/// <inheritdoc cref="IRelayDirectoryGrain" />
[KeepAlive]
public sealed partial class RelayDirectoryGrain(TimeProvider time, SiloRoles roles, ILogger<RelayDirectoryGrain> logger) : Grain, IRelayDirectoryGrain
{
    private const string Role = "relay directory";

    /// <summary>After this long every living relay has been announced again by the silo that holds its session.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(15);

    private readonly PresenceTable<RelayPresence> _relays = new(time);
    private readonly Guid _incarnation = Guid.NewGuid();
    private RelayDirectoryView? _view;
    private bool _settled;
    private long _version = 1;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        roles.Take(Role);
        this.RegisterGrainTimer(Settle, new GrainTimerCreationOptions { DueTime = SettleTime, Period = Timeout.InfiniteTimeSpan });
        this.RegisterGrainTimer(DropExpiredAsync, new GrainTimerCreationOptions { DueTime = LookPeriod, Period = LookPeriod });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        roles.Leave(Role);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Announce(RelayPresence relay)
    {
        if (!_relays.Announce(relay.RelayId, relay))
            return Task.CompletedTask;
        LogOnline(relay.RelayId, _relays.Count);
        return Changed();
    }

    /// <inheritdoc />
    public Task Withdraw(Guid relayId, Guid sessionId)
    {
        if (_relays.Find(relayId)?.SessionId != sessionId)
            return Task.CompletedTask;
        _relays.Remove(relayId);
        LogOffline(relayId, _relays.Count);
        return Changed();
    }

    /// <inheritdoc />
    public Task<RelayDirectoryView?> GetIfNewer(Guid incarnation, long version) =>
        Task.FromResult(incarnation == _incarnation && version == _version
            ? null
            : _view ??= new RelayDirectoryView(_incarnation, _version, _settled, _relays.All));

    // Gone together with the silo that held it, so that nobody has withdrawn it.
    private Task DropExpiredAsync()
    {
        var dropped = _relays.DropExpired();
        foreach (var relayId in dropped)
            LogOffline(relayId, _relays.Count);
        return dropped.Count == 0 ? Task.CompletedTask : Changed();
    }

    private Task Settle()
    {
        _settled = true;
        return Changed();
    }

    private Task Changed()
    {
        _version++;
        _view = null;
        // Not waited for: the stream may hang for as long as the silo of its queue is not known to be lost.
        _ = HintAsync(_version);
        return Task.CompletedTask;
    }

    private async Task HintAsync(long version)
    {
        try
        {
            await RelayStream.Get(this.GetStreamProvider(RelayStream.Provider)).OnNextAsync(version);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Only a hint: every silo asks for the version on a timer as well.
            LogHintFailed(e);
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Relay {RelayId} is online; {Count} in all")]
    private partial void LogOnline(Guid relayId, int count);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "Relay {RelayId} is offline; {Count} in all")]
    private partial void LogOffline(Guid relayId, int count);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Debug, Message = "The hint of a relay change could not be sent; silos will see it on their timer")]
    private partial void LogHintFailed(Exception exception);
}
