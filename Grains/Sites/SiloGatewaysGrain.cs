using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Operations;
using Firezone.Grains.Sessions;

namespace Firezone.Grains.Sites;

/// <inheritdoc cref="ISiloGatewaysGrain" />
[OnSilo]
public sealed class SiloGatewaysGrain(LocalSessions sessions) : Grain, ISiloGatewaysGrain
{
    /// <inheritdoc />
    public Task<GatewayPresence[]> At(Guid siteId) => Task.FromResult(sessions.GatewaysAt(siteId));
}
