namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Where a connect comes from; stored with the device and the token.</summary>
/// <param name="RemoteIp">Real address of the peer, textual.</param>
/// <param name="UserAgent">Complete header.</param>
/// <param name="Region">ISO 3166-1 alpha-2 code.</param>
/// <param name="City">English name.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
public sealed record ConnectOrigin(string RemoteIp, string UserAgent, string? Region, string? City, double? Latitude, double? Longitude);
