namespace Firezone.Grains.Abstractions.Relays;

/// <summary>
/// All online relays, shared by every account. One activation, key 0. Silos hold copies: a stream carries the hint that a newer version
/// exists, <see cref="GetIfNewer"/> is the truth.
/// </summary>
[Alias("fz.IRelayDirectoryGrain")]
public interface IRelayDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>A relay came online, or is announced again after this directory was lost.</summary>
    [ResponseTimeout("00:00:05"), Alias("Announce")]
    Task Announce(RelayPresence relay);

    /// <summary>A relay's socket closed. Ignored if another session has announced the relay since.</summary>
    [ResponseTimeout("00:00:05"), Alias("Withdraw")]
    Task Withdraw(Guid relayId, Guid sessionId);

    /// <summary>The current view, or null if the caller holds it already.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetIfNewer")]
    Task<RelayDirectoryView?> GetIfNewer(Guid incarnation, long version);
}
