using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;

namespace Firezone.Grains.Sites;

/// <inheritdoc cref="ISiteGrain" />
/// <remarks>
/// In memory only: after the loss of its silo the gateways' grains announce themselves again. Announcements keep the activation; one
/// without gateways is collected for its age, and never ends itself: what is announced between the decision and the end would be lost.
/// </remarks>
// A site's gateways, and most of its clients, are near each other: the flow's way should not lead through another cloud.
[CollectionAgeLimit(Minutes = 10), PreferRegion]
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
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<GatewayChoice> Choose(GatewayQuery query)
    {
        _gateways.DropExpired();
        return Task.FromResult(GatewaySelector.Select(_gateways.All, query, Random.Shared));
    }

    /// <inheritdoc />
    public Task<GatewayPresence?> Find(Guid gatewayId)
    {
        _gateways.DropExpired();
        return Task.FromResult(_gateways.Find(gatewayId));
    }
}
