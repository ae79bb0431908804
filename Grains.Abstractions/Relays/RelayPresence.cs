using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Relays;

/// <summary>An online relay with all that is needed to hand it to a peer.</summary>
/// <param name="RelayId">Derived from the stamp secret.</param>
/// <param name="SessionId">The session that announced it.</param>
/// <param name="StampSecret">Shared secret from which TURN passwords are derived. Never logged.</param>
/// <param name="Ipv4">Public IPv4 address, textual, or null.</param>
/// <param name="Ipv6">Public IPv6 address, textual, or null.</param>
/// <param name="Port">TURN port.</param>
/// <param name="Location">For the distance to peers.</param>
[GenerateSerializer, Immutable, Alias("fz.RelayPresence")]
public sealed record RelayPresence(
    [property: Id(0)] Guid RelayId,
    [property: Id(1)] Guid SessionId,
    [property: Id(2)] string StampSecret,
    [property: Id(3)] string? Ipv4,
    [property: Id(4)] string? Ipv6,
    [property: Id(5)] ushort Port,
    [property: Id(6)] Location Location)
{
    /// <summary>Without the secret: a record prints its members.</summary>
    public override string ToString() => $"relay {RelayId}";
}
