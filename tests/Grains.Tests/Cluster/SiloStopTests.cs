using System.Collections.Concurrent;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Sessions;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SiloStopTests
{
    private const int Clients = 60;
    private const string Secret = "secret";

    [Fact]
    public async Task A_silo_that_stops_gives_gateways_and_relays_away_first_and_no_session_comes_back_to_it()
    {
        await using var cluster = await GrainCluster.StartAsync(silos: 2);
        var peers = await TestPeers.CreateAsync(cluster);
        var sessions = new Dictionary<Guid, Func<Task<AttachResult>>>();
        var (clients, others) = (new HashSet<Guid>(), new HashSet<Guid>());
        void Add(HashSet<Guid> kind, Guid id, AttachResult attached, Func<Task<AttachResult>> again)
        {
            sessions.Add(id, again);
            if (attached.Silo == cluster.SiloName(1))
                kind.Add(id);
        }

        for (var i = 0; i < Clients; i++)
        {
            var client = await peers.ConnectClientAsync($"laptop-{i}");
            Add(clients, client.SessionId, client.Attached, () => client.Grain.Attach(client.Session, client.Ticket, new Resume(client.Attached.ViewHash)));
        }

        // Wherever the first ones are: some of these are on the silo that stops.
        for (var i = 0; i < 8; i++)
        {
            var gateway = await peers.ConnectGatewayAsync($"gw-{i}");
            Add(others, gateway.SessionId, gateway.Attached, () => gateway.Grain.Attach(gateway.Session, gateway.Ticket, new Resume(gateway.Attached.ViewHash)));
        }

        var relay = await peers.ConnectRelayAsync(Secret);
        Add(others, relay.SessionId, relay.Attached, () => relay.Grain.Attach(relay.Session, relay.Ticket, new StampSecret(Secret), null));
        var (survivor, stopped) = (cluster.SiloName(0), cluster.Services<LocalSessions>().Last());
        Assert.Equal(clients.Count + others.Count, stopped.Count);
        var again = new ConcurrentDictionary<Guid, Task<AttachResult>>();
        var overtaken = new ConcurrentQueue<LocalSession>();
        var twice = new ConcurrentQueue<Guid>();
        cluster.FrontEnd.OnLost = id =>
        {
            if (clients.Contains(id))
                Array.ForEach(stopped.All().Where(session => session.Kind is not SessionKind.Client).ToArray(), overtaken.Enqueue);
            if (!again.TryAdd(id, sessions[id]()))
                twice.Enqueue(id);
        };

        await cluster.StopSiloAsync(1);

        Assert.Equal([.. clients, .. others], again.Keys.ToHashSet());
        Assert.Empty(overtaken);
        Assert.Empty(twice);
        Assert.All(await Task.WhenAll(again.Values), attached => Assert.Equal((AttachStatus.Attached, survivor), (attached.Status, attached.Silo)));
    }

    [Fact]
    public async Task A_session_that_is_given_away_and_that_nobody_attaches_leaves_nothing_behind()
    {
        await using var cluster = await GrainCluster.StartAsync(silos: 2);
        var peers = await TestPeers.CreateAsync(cluster);
        var clients = new List<IClientGrain>();
        for (var i = 0; i < 24; i++)
            clients.Add((await peers.ConnectClientAsync($"laptop-{i}")).Grain);
        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        var leaving = new List<IClientGrain>();
        foreach (var client in clients)
        {
            if ((await management.GetActivationAddress(client))?.ToParsableString() == cluster.SiloName(1))
                leaving.Add(client);
        }

        Assert.NotEmpty(leaving);
        await cluster.StopSiloAsync(1);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var client in leaving)
        {
            while (await management.GetActivationAddress(client) is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
