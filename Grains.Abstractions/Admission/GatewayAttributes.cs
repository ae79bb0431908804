namespace Firezone.Grains.Abstractions.Admission;

/// <summary>A gateway's validated connection parameters.</summary>
/// <param name="ExternalId">Stable device identity, 1–255 characters, opaque.</param>
/// <param name="PublicKey">WireGuard public key, base64 of 32 bytes.</param>
/// <param name="Name">1–255 characters, or null to have one generated.</param>
/// <param name="Version">Component version from the user agent.</param>
[GenerateSerializer, Immutable, Alias("fz.GatewayAttributes")]
public sealed record GatewayAttributes(
    [property: Id(0)] string ExternalId,
    [property: Id(1)] string PublicKey,
    [property: Id(2)] string? Name,
    [property: Id(3)] string Version);
