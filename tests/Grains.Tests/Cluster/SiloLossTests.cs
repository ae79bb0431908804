using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Wire.Relay;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SiloLossTests
{
    private const int Accounts = 8;

    [Fact]
    public async Task Front_ends_are_told_of_a_killed_silo_and_gateways_and_relays_of_the_survivor_are_known_again()
    {
        await using var cluster = await GrainCluster.StartAsync(silos: 2);
        var survivor = cluster.SiloName(0);
        var gateways = new List<(Guid Site, Guid Gateway, string Silo)>();
        var relays = new List<(Guid Relay, string Silo)>();
        for (var i = 0; i < Accounts; i++)
        {
            var peers = await TestPeers.CreateAsync(cluster);
            var gateway = await peers.ConnectGatewayAsync();
            gateways.Add((peers.Site, gateway.Ticket.GatewayId, gateway.Attached.Silo));
            var relay = await peers.ConnectRelayAsync($"secret-{i}");
            relays.Add((RelayIds.FromStampSecret($"secret-{i}"), relay.Attached.Silo));
        }

        await cluster.KillSiloAsync(1);

        await EventuallyAsync(() => Task.FromResult(cluster.FrontEnd.SiloLeaves > 0), "the front-end told");
        foreach (var (site, gateway, _) in gateways.Where(g => g.Silo == survivor))
            await EventuallyAsync(async () => await cluster.Client.GetGrain<ISiteGrain>(site).Find(gateway) is not null, $"gateway {gateway} in its site");
        foreach (var (relay, _) in relays.Where(r => r.Silo == survivor))
            await EventuallyAsync(async () => await KnowsAsync(cluster, relay), $"relay {relay} in the directory");
    }

    private static async Task<bool> KnowsAsync(GrainCluster cluster, Guid relay)
    {
        var view = await cluster.Client.GetGrain<IRelayDirectoryGrain>(0).GetIfNewer(Guid.Empty, 0);
        return view!.Relays.Any(r => r.RelayId == relay);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (Exception e) when (e is TimeoutException or Orleans.Runtime.OrleansException)
            {
                // The call went to the silo that has gone.
            }

            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Not seen within 60 s of the kill: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
