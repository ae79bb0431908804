namespace Firezone.Grains.Abstractions.Admission;

/// <summary>A relay's validated connection parameters; at least one address is given.</summary>
/// <param name="Ipv4">Public IPv4 address, textual, or null.</param>
/// <param name="Ipv6">Public IPv6 address, textual, or null.</param>
/// <param name="Port">TURN port.</param>
[GenerateSerializer, Immutable, Alias("fz.RelayAttributes")]
public sealed record RelayAttributes(
    [property: Id(0)] string? Ipv4,
    [property: Id(1)] string? Ipv6,
    [property: Id(2)] ushort Port);
