using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SessionPlacementTests
{
    [Fact]
    public async Task A_session_begins_on_the_silo_of_its_socket_and_stays_one_where_it_is_active_already()
    {
        await using var cluster = await GrainCluster.StartAsync(silos: 2);
        var peers = await TestPeers.CreateAsync(cluster);
        var placements = cluster.Services<ISessionPlacement>().ToArray();
        var factories = cluster.Services<IGrainFactory>().ToArray();

        for (var i = 0; i < 20; i++)
        {
            var (here, there) = (i % 2, (i + 1) % 2);
            var ticket = await peers.AdmitClientAsync($"laptop-{i}");
            var first = cluster.NewSession(ticket.AdmittedAt);
            var attached = await AttachAsync(here, first);
            Assert.Equal((AttachStatus.Attached, cluster.SiloName(here)), (attached.Status, attached.Silo));

            // The device comes back through another front-end before the end of its socket is known.
            var second = cluster.NewSession(ticket.AdmittedAt.AddSeconds(1));
            var again = await AttachAsync(there, second);
            Assert.Equal((AttachStatus.Attached, cluster.SiloName(here)), (again.Status, again.Silo));
            await cluster.FrontEnd.NextAsync(first.SessionId, "close:Superseded");

            Task<AttachResult> AttachAsync(int silo, SessionRef session)
            {
                var grain = factories[silo].GetGrain<IClientGrain>(ticket.ClientId);
                placements[silo].ExpectHere(grain);
                return grain.Attach(session, ticket, null);
            }
        }
    }
}
