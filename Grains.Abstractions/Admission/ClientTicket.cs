using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Admission;

/// <summary>
/// All that is known of an admitted client. The front-end hands it to the client's grain with every attach, so that neither an attach
/// nor a re-attach reads the database.
/// </summary>
/// <param name="AccountId">Owner of everything this client may see.</param>
/// <param name="ClientId">Device id and grain key.</param>
/// <param name="ActorId">The signed-in actor.</param>
/// <param name="ActorKind">Decides membership in Everyone.</param>
/// <param name="ActorName">For the gateway's logs.</param>
/// <param name="ActorEmail">For the gateway's logs, null for service accounts.</param>
/// <param name="TokenId">The credential; revoking it ends the session.</param>
/// <param name="TokenExpiresAt">Upper bound of every authorization and of the TURN credentials.</param>
/// <param name="AuthProviderId">Identity provider of the token, null for service accounts.</param>
/// <param name="PublicKey">Of this connect.</param>
/// <param name="PskBase">32 secret bytes of the device; never sent to a peer.</param>
/// <param name="Ipv4">Tunnel address.</param>
/// <param name="Ipv6">Tunnel address.</param>
/// <param name="UserAgent">Complete header.</param>
/// <param name="Version">Component version.</param>
/// <param name="Hardware">Hardware identifiers, shown to gateways.</param>
/// <param name="Verified">The device is verified, after comparison of its hardware identifiers.</param>
/// <param name="RemoteIp">Real IP of this connect.</param>
/// <param name="Location">Of this connect.</param>
/// <param name="AdmittedAt">By the database's clock.</param>
/// <param name="AccountVersion">Of the account as the admission saw it: revocations up to it have been considered.</param>
[GenerateSerializer, Immutable, Alias("fz.ClientTicket")]
public sealed record ClientTicket(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] Guid ClientId,
    [property: Id(2)] Guid ActorId,
    [property: Id(3)] ActorKind ActorKind,
    [property: Id(4)] string ActorName,
    [property: Id(5)] string? ActorEmail,
    [property: Id(6)] Guid TokenId,
    [property: Id(7)] DateTimeOffset TokenExpiresAt,
    [property: Id(8)] Guid? AuthProviderId,
    [property: Id(9)] string PublicKey,
    [property: Id(10)] byte[] PskBase,
    [property: Id(11)] string Ipv4,
    [property: Id(12)] string Ipv6,
    [property: Id(13)] string UserAgent,
    [property: Id(14)] string Version,
    [property: Id(15)] HardwareIds Hardware,
    [property: Id(16)] bool Verified,
    [property: Id(17)] string RemoteIp,
    [property: Id(18)] Location Location,
    [property: Id(19)] DateTimeOffset AdmittedAt,
    [property: Id(20)] long AccountVersion);
