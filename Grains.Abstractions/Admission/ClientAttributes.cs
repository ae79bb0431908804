namespace Firezone.Grains.Abstractions.Admission;

/// <summary>A client's validated connection parameters.</summary>
/// <param name="ExternalId">Stable device identity, trimmed, 1–255 characters, opaque.</param>
/// <param name="PublicKey">WireGuard public key, base64 of 32 bytes.</param>
/// <param name="Name">1–255 characters, or null to have one generated.</param>
/// <param name="Version">Component version from the user agent.</param>
/// <param name="DeviceSerial">Hardware serial number, desktop and headless.</param>
/// <param name="DeviceUuid">Hardware UUID, desktop and headless.</param>
/// <param name="IdentifierForVendor">iOS.</param>
/// <param name="FirebaseInstallationId">Android.</param>
[GenerateSerializer, Immutable, Alias("fz.ClientAttributes")]
public sealed record ClientAttributes(
    [property: Id(0)] string ExternalId,
    [property: Id(1)] string PublicKey,
    [property: Id(2)] string? Name,
    [property: Id(3)] string Version,
    [property: Id(4)] string? DeviceSerial,
    [property: Id(5)] string? DeviceUuid,
    [property: Id(6)] string? IdentifierForVendor,
    [property: Id(7)] string? FirebaseInstallationId);
