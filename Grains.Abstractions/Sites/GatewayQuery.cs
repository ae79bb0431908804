using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Sites;

/// <summary>What a flow needs of a gateway.</summary>
/// <param name="AccountId">The client's account; a site of another account has no gateways for it.</param>
/// <param name="ClientVersion">Decides compatibility.</param>
/// <param name="MinimumGatewayVersion">The lowest gateway version that can serve the resource as it is, or null.</param>
/// <param name="ClientLocation">The nearest gateways are preferred.</param>
/// <param name="ConnectedGatewayIds">Gateways to which the client has a tunnel already; preferred over all others.</param>
[GenerateSerializer, Immutable, Alias("fz.GatewayQuery")]
public sealed record GatewayQuery(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] string ClientVersion,
    [property: Id(2)] string? MinimumGatewayVersion,
    [property: Id(3)] Location ClientLocation,
    [property: Id(4)] Guid[] ConnectedGatewayIds);
