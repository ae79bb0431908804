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

    // At most one per silo.
    private readonly HashSet<ISiteWatcher> _watchers = [];

    /// <inheritdoc />
    public Task Announce(GatewayPresence gateway)
    {
        if (_gateways.Announce(gateway.GatewayId, gateway))
            TellWatchers();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Withdraw(Guid gatewayId, Guid sessionId)
    {
        if (_gateways.Find(gatewayId)?.SessionId == sessionId)
            Remove(gatewayId);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<GatewayPresence[]> Watch(ISiteWatcher watcher)
    {
        DropExpired();
        _watchers.Add(watcher);
        return Task.FromResult(_gateways.All);
    }

    /// <inheritdoc />
    public Task<GatewayPresence?> Find(Guid gatewayId)
    {
        DropExpired();
        return Task.FromResult(_gateways.Find(gatewayId));
    }

    private void Remove(Guid gatewayId)
    {
        if (_gateways.Remove(gatewayId))
            TellWatchers();
    }

    private void DropExpired()
    {
        if (_gateways.DropExpired().Count > 0)
            TellWatchers();
    }

    /// <summary>Whoever wants to hear of the next change, too, asks again.</summary>
    private void TellWatchers()
    {
        foreach (var watcher in _watchers)
            _ = watcher.OnSiteChanged(this.GetPrimaryKey());
        _watchers.Clear();
    }
}
