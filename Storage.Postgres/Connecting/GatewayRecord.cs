namespace Firezone.Storage.Postgres.Connecting;

/// <summary>All that the control plane needs to know of an admitted gateway.</summary>
/// <param name="AccountId">Owner.</param>
/// <param name="SiteId">The site of the token.</param>
/// <param name="GatewayId">The device.</param>
/// <param name="TokenId">The credential used; gateways of a site may share one.</param>
/// <param name="PskBase">32 secret bytes of the device, constant for its life; not for peers, not for logs.</param>
/// <param name="Ipv4">Tunnel address, textual.</param>
/// <param name="Ipv6">Tunnel address, textual (RFC 5952).</param>
/// <param name="Now">The database's clock at this connect.</param>
/// <param name="AccountVersion">The account's version when the token was judged: every later deletion of it is of a higher one.</param>
public sealed record GatewayRecord(
    Guid AccountId,
    Guid SiteId,
    Guid GatewayId,
    Guid TokenId,
    byte[] PskBase,
    string Ipv4,
    string Ipv6,
    DateTimeOffset Now,
    long AccountVersion);
