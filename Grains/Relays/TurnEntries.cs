using Firezone.Grains.Abstractions.Relays;
using Firezone.Wire.Relay;

namespace Firezone.Grains.Relays;

/// <summary>Turns relays into what a peer is sent; entries of one relay are adjacent.</summary>
public static class TurnEntries
{
    /// <summary>
    /// End of a gateway's TURN credentials (2038-01-01). Fixed, because credentials that change at a reconnect make the gateway throw
    /// its allocations away.
    /// </summary>
    public static readonly DateTimeOffset GatewayExpiry = DateTimeOffset.FromUnixTimeSeconds(2145916800);

    /// <summary>The entries of the relays for the peer with this public key.</summary>
    public static List<RelayEntry> For(IReadOnlyList<RelayPresence> relays, string peerPublicKey, DateTimeOffset expiresAt)
    {
        var entries = new List<RelayEntry>(relays.Count * 2);
        foreach (var r in relays)
            entries.AddRange(RelayEntry.For(r.RelayId, r.Ipv4, r.Ipv6, r.Port, r.StampSecret, peerPublicKey, expiresAt.ToUnixTimeSeconds()));
        return entries;
    }
}
