using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.Sites;

/// <inheritdoc cref="ISiteGrain" />
/// <remarks>
/// In memory only: begins by asking all silos for the site's gateways, so that a site which moves, as when its silo stops or dies, never answers
/// that there are none while there are some. Announcements keep the activation; one without gateways is collected for its age.
/// </remarks>
// A site's gateways, and most of its clients, are near each other: the flow's way should not lead through another cloud.
[CollectionAgeLimit(Minutes = 10), PreferRegion]
public sealed partial class SiteGrain(IClusterMembershipService membership, TimeProvider time, ILogger<SiteGrain> logger) : Grain, ISiteGrain
{
    // A silo that is gone, and not known to be, must not hold up a flow for longer than a device waits.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    private readonly PresenceTable<GatewayPresence> _gateways = new(time);

    // At most one per silo.
    private readonly HashSet<ISiteWatcher> _watchers = [];

    /// <inheritdoc />
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var site = this.GetPrimaryKey();
        var silos = membership.CurrentSnapshot.Members.Values.Where(silo => silo.Status is SiloStatus.Active);
        foreach (var gateway in (await Task.WhenAll(silos.Select(silo => AskAsync(silo.SiloAddress, site)))).SelectMany(present => present))
            _gateways.Announce(gateway.GatewayId, gateway);
    }

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

    private async Task<GatewayPresence[]> AskAsync(SiloAddress silo, Guid site)
    {
        try
        {
            var asking = GrainFactory.GetGrain<ISiloGatewaysGrain>(silo.ToParsableString()).At(site);
            asking.Ignore();
            return await asking.WaitAsync(AnswerLimit, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Its gateways are attached elsewhere, or announce themselves at their pace.
            LogSilent(e, silo, site);
            return [];
        }
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

    [LoggerMessage(EventId = 3541, Level = LogLevel.Information, Message = "Silo {Silo} does not say which gateways of site {Site} are there")]
    private partial void LogSilent(Exception exception, SiloAddress silo, Guid site);
}
