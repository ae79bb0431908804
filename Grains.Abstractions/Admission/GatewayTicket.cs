using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Admission;

/// <summary>All that is known of an admitted gateway; see <see cref="ClientTicket"/>.</summary>
/// <param name="AccountId">Owner.</param>
/// <param name="SiteId">The site of the token.</param>
/// <param name="GatewayId">Device id and grain key.</param>
/// <param name="TokenId">The credential; many gateways may share one.</param>
/// <param name="PublicKey">Of this connect.</param>
/// <param name="PskBase">32 secret bytes of the device.</param>
/// <param name="Ipv4">Tunnel address.</param>
/// <param name="Ipv6">Tunnel address.</param>
/// <param name="UserAgent">Complete header.</param>
/// <param name="Version">Component version.</param>
/// <param name="RemoteIp">Real IP of this connect.</param>
/// <param name="Location">Of this connect.</param>
/// <param name="AdmittedAt">By the database's clock.</param>
/// <param name="AccountVersion">Of the account as the admission saw it: revocations up to it have been considered.</param>
[GenerateSerializer, Immutable, Alias("fz.GatewayTicket")]
public sealed record GatewayTicket(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] Guid SiteId,
    [property: Id(2)] Guid GatewayId,
    [property: Id(3)] Guid TokenId,
    [property: Id(4)] string PublicKey,
    [property: Id(5)] byte[] PskBase,
    [property: Id(6)] string Ipv4,
    [property: Id(7)] string Ipv6,
    [property: Id(8)] string UserAgent,
    [property: Id(9)] string Version,
    [property: Id(10)] string RemoteIp,
    [property: Id(11)] Location Location,
    [property: Id(12)] DateTimeOffset AdmittedAt,
    [property: Id(13)] long AccountVersion);
