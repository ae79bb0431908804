using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;

namespace Firezone.Grains.Sites;

/// <inheritdoc cref="ISiteGrain" />
/// <remarks>In memory only: after the loss of its silo the gateways' grains announce themselves again.</remarks>
// A site's gateways, and most of its clients, are near each other: the flow's way should not lead through another cloud.
[KeepAlive, PreferRegion]
public sealed class SiteGrain(TimeProvider time) : Grain, ISiteGrain
{
    private readonly PresenceTable<GatewayPresence> _gateways = new(time);

    /// <inheritdoc />
    public Task Announce(GatewayPresence gateway)
    {
        _gateways.Announce(gateway.GatewayId, gateway);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Withdraw(Guid gatewayId, Guid sessionId)
    {
        if (_gateways.Find(gatewayId)?.SessionId == sessionId)
            _gateways.Remove(gatewayId);
        DeactivateIfEmpty();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<GatewayChoice> Choose(GatewayQuery query)
    {
        DeactivateIfEmpty();
        return Task.FromResult(GatewaySelector.Select(_gateways.All, query, Random.Shared));
    }

    /// <inheritdoc />
    public Task<GatewayPresence?> Find(Guid gatewayId)
    {
        DeactivateIfEmpty();
        return Task.FromResult(_gateways.Find(gatewayId));
    }

    private void DeactivateIfEmpty()
    {
        _gateways.DropExpired();
        if (_gateways.Count == 0)
            DeactivateOnIdle();
    }
}
