using Firezone.Gateway.WebSockets.Draining;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Tests.Upgrades;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Hosting;

namespace Firezone.Gateway.WebSockets.Tests.Draining;

public sealed class DrainTests
{
    [Fact]
    public async Task A_stop_that_is_announced_refuses_new_connects_and_keeps_open_sockets_for_the_moment()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        host.Service<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(FrontEndState.Draining, host.Service<Readiness>().State);
        var reply = await host.RequestAsync(Connect.Client());
        RefusalTests.AssertProblem(reply, 503, "draining");
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 5);
        var ready = await host.RequestAsync(Connect.Client() with { Path = "/readyz" });
        Assert.Equal((503, """{"status":"draining"}"""), (ready.Status, ready.Body));
        Assert.Equal(200, (await host.RequestAsync(Connect.Client() with { Path = "/healthz" })).Status);

        await peer.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""");
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task Every_socket_is_closed_with_1012_its_session_detached_and_then_the_lease_given_up()
    {
        await using var host = await FrontEndHost.StartAsync();
        var peers = new List<RawPeer>();
        for (var i = 0; i < 20; i++)
            peers.Add(await host.JoinedClientAsync());

        var stop = host.App.StopAsync();
        foreach (var peer in peers)
        {
            Assert.Equal(1012, await peer.ReceiveCloseAsync());
            await peer.SendCloseAsync(1012);
            await peer.ReceiveEndAsync();
            peer.Dispose();
        }

        await stop.WaitAsync(RawPeer.Patience);
        for (var i = 0; i < 20; i++)
            await host.Cluster.Client.Detaches.NextAsync();
        await host.Cluster.Directory.Leaves.NextAsync();
    }

    [Fact]
    public async Task Peers_that_do_not_answer_the_close_are_cut_off()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:CloseTimeout"] = "00:00:00.2" });
        using var peer = await host.JoinedClientAsync();
        await host.App.StopAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(1012, await peer.ReceiveCloseAsync());
        await peer.ReceiveEndAsync();
        await host.Cluster.Client.Detaches.NextAsync();
    }

    [Fact]
    public async Task The_sockets_are_gone_before_any_service_of_the_process_is_stopped()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var drainer = host.App.Services.GetService(typeof(IEnumerable<IHostedService>)) as IEnumerable<IHostedService>;

        await drainer!.OfType<Drainer>().Single().StoppingAsync(CancellationToken.None);

        Assert.Equal(1012, await peer.ReceiveCloseAsync());
        Assert.Empty(host.Service<Firezone.Gateway.WebSockets.Sessions.SessionRegistry>().Connections);
    }

    [Fact]
    public async Task A_connect_that_is_admitted_while_the_stop_begins_is_refused_with_503()
    {
        await using var host = await FrontEndHost.StartAsync();
        var admit = new TaskCompletionSource<Admission<ClientTicket>>();
        host.Cluster.Admission.OnClient = _ => admit.Task;
        var request = host.RequestAsync(Connect.Client());
        var asked = await host.Cluster.Admission.Clients.NextAsync();

        host.Service<Readiness>().BeginDraining();
        admit.SetResult(Admission<ClientTicket>.Admitted(Tickets.Client(asked)));

        RefusalTests.AssertProblem(await request, 503, "draining");
    }
}
