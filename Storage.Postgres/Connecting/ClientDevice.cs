namespace Firezone.Storage.Postgres.Connecting;

/// <summary>What a client says of itself, already validated by the caller.</summary>
/// <param name="ExternalId">Stable identity that the device chose, 1–255 characters; unique per actor.</param>
/// <param name="PublicKey">WireGuard key, 44 characters of base64.</param>
/// <param name="Name">Used at the first connect only; null or empty: a name is made up.</param>
/// <param name="Version">Component version from the user agent.</param>
/// <param name="DeviceSerial">Hardware identifier; null when not sent.</param>
/// <param name="DeviceUuid">Hardware identifier; null when not sent.</param>
/// <param name="IdentifierForVendor">Hardware identifier (iOS); null when not sent.</param>
/// <param name="FirebaseInstallationId">Hardware identifier (Android); null when not sent.</param>
public sealed record ClientDevice(
    string ExternalId,
    string PublicKey,
    string? Name,
    string Version,
    string? DeviceSerial,
    string? DeviceUuid,
    string? IdentifierForVendor,
    string? FirebaseInstallationId);
