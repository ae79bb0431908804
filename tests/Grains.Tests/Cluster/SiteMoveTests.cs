using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Orleans.Core.Internal;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SiteMoveTests
{
    private const int Sites = 8;

    [Fact]
    public async Task A_site_that_begins_anew_on_whichever_silo_knows_its_gateways_before_anybody_asks()
    {
        await using var cluster = await GrainCluster.StartAsync(silos: 2);
        for (var i = 0; i < Sites; i++)
        {
            var peers = await TestPeers.CreateAsync(cluster);
            var gateway = await peers.ConnectGatewayAsync();
            var site = cluster.Client.GetGrain<ISiteGrain>(peers.Site);
            // No session is behind this one: only the activation that has heard of it knows it.
            var former = new GatewayPresence(
                peers.Account, Guid.NewGuid(), Guid.NewGuid(), "1.5.0", "192.0.2.1", new Location("DE", "Berlin", 52.5, 13.4));
            await site.Announce(former);

            await site.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

            Assert.Equal(gateway.Ticket.GatewayId, (await site.Find(gateway.Ticket.GatewayId))?.GatewayId);
            Assert.Null(await site.Find(former.GatewayId));
        }
    }
}
