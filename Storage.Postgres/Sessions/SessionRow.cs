namespace Firezone.Storage.Postgres.Sessions;

/// <summary>A channel of a device or relay, for the operators' view and for history; no decision is made on it.</summary>
/// <param name="Id">The session.</param>
/// <param name="FrontEndId">The front-end process that holds its socket; when its lease runs out, the session ends.</param>
/// <param name="Kind"><c>client</c>, <c>gateway</c> or <c>relay</c>.</param>
/// <param name="AccountId">Null for relays.</param>
/// <param name="DeviceId">Client, gateway or relay id.</param>
/// <param name="TokenId">The credential used.</param>
/// <param name="Region">Region of the front-end.</param>
/// <param name="RemoteIp">Real address of the peer.</param>
/// <param name="Version">Component version.</param>
/// <param name="OpenedAt">When the channel was joined.</param>
public sealed record SessionRow(
    Guid Id,
    Guid FrontEndId,
    string Kind,
    Guid? AccountId,
    Guid DeviceId,
    Guid TokenId,
    string Region,
    string RemoteIp,
    string Version,
    DateTimeOffset OpenedAt);
