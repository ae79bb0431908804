using Firezone.Grains.Abstractions.Sites;

namespace Firezone.Grains.Sites;

/// <summary>What a gateway tells its site.</summary>
/// <param name="SiteId">Where.</param>
/// <param name="Presence">What.</param>
public sealed record PresentGateway(Guid SiteId, GatewayPresence Presence);
