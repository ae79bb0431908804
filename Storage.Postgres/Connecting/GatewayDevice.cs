namespace Firezone.Storage.Postgres.Connecting;

/// <summary>What a gateway says of itself, already validated by the caller.</summary>
/// <param name="ExternalId">Stable identity that the device chose, 1–255 characters; unique per site.</param>
/// <param name="PublicKey">WireGuard key, 44 characters of base64.</param>
/// <param name="Name">Overwrites the stored name at every connect; null or empty: the stored one stays, a new row gets one made up.</param>
/// <param name="Version">Component version from the user agent.</param>
public sealed record GatewayDevice(string ExternalId, string PublicKey, string? Name, string Version);
