namespace Firezone.Grains.Abstractions.Sites;

/// <summary>A site, keyed by its id: knows which of its gateways are online.</summary>
[Alias("fz.ISiteGrain")]
public interface ISiteGrain : IGrainWithGuidKey
{
    /// <summary>A gateway came online, or is announced again after this activation was lost.</summary>
    [ResponseTimeout("00:00:05"), Alias("Announce")]
    Task Announce(GatewayPresence gateway);

    /// <summary>A gateway's socket closed. Ignored if another session has announced the gateway since.</summary>
    [ResponseTimeout("00:00:05"), Alias("Withdraw")]
    Task Withdraw(Guid gatewayId, Guid sessionId);

    /// <summary>The gateways that are online. The watcher is told of the next change, once.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("Watch")]
    Task<GatewayPresence[]> Watch(ISiteWatcher watcher);

    /// <summary>The online gateway with this id, or null.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("Find")]
    Task<GatewayPresence?> Find(Guid gatewayId);
}
