using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Tests.Upgrades;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Hosting;

namespace Firezone.Gateway.WebSockets.Tests.Draining;

public sealed class OperatorDrainTests
{
    private static readonly DrainOrder OwnPace = new(null, null, "ops");

    [Fact]
    public async Task A_front_end_out_of_service_closes_its_sockets_refuses_new_ones_and_lives_on()
    {
        await using var host = await FrontEndHost.StartAsync();
        var frontEnd = await FrontEndAsync(host);
        Assert.Equal(new DrainState(DrainPhase.Serving, 0), await frontEnd.GetDrain());
        var peers = new List<RawPeer>();
        for (var i = 0; i < 20; i++)
            peers.Add(await host.JoinedClientAsync());

        var begun = await frontEnd.Drain(OwnPace);

        Assert.Equal((DrainPhase.Draining, 20, "ops"), (begun.Phase, begun.AtStart, begun.By));
        Assert.Equal(FrontEndState.Held, host.Service<Readiness>().State);
        var refused = await host.RequestAsync(Connect.Client());
        RefusalTests.AssertProblem(refused, 503, "draining");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 5);
        var ready = await host.RequestAsync(Connect.Client() with { Path = "/readyz" });
        Assert.Equal((503, """{"status":"draining"}"""), (ready.Status, ready.Body));
        foreach (var peer in peers)
        {
            Assert.Equal(1012, await peer.ReceiveCloseAsync());
            await peer.SendCloseAsync(1012);
            await peer.ReceiveEndAsync();
            peer.Dispose();
            await host.Cluster.Client.Detaches.NextAsync();
        }

        Assert.Equal((DrainPhase.Drained, 0, 20), await UntilAsync(frontEnd, DrainPhase.Drained));
        // The lease goes on: the process may come back.
        await host.Cluster.Directory.Renewals.NextAsync();
        Assert.Equal(200, (await host.RequestAsync(Connect.Client() with { Path = "/healthz" })).Status);
    }

    [Fact]
    public async Task Taken_back_it_serves_those_that_it_still_has_and_new_ones()
    {
        await using var host = await FrontEndHost.StartAsync();
        var frontEnd = await FrontEndAsync(host);
        using var peer = await host.JoinedClientAsync();
        await frontEnd.Drain(new DrainOrder(null, TimeSpan.FromHours(1), "ops"));

        var back = await frontEnd.Resume("ops");

        Assert.Equal(new DrainState(DrainPhase.Serving, 1), back);
        using var other = await host.JoinedClientAsync();
        await peer.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""");
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_drained_one_can_be_taken_back_too()
    {
        await using var host = await FrontEndHost.StartAsync();
        var frontEnd = await FrontEndAsync(host);
        await frontEnd.Drain(OwnPace);
        await UntilAsync(frontEnd, DrainPhase.Drained);
        await frontEnd.Resume("ops");
        using var peer = await host.JoinedClientAsync();
    }

    [Fact]
    public async Task A_second_order_changes_the_pace_and_not_the_beginning()
    {
        await using var host = await FrontEndHost.StartAsync();
        var frontEnd = await FrontEndAsync(host);
        using var peer = await host.JoinedClientAsync();
        var first = await frontEnd.Drain(new DrainOrder(null, TimeSpan.FromHours(1), "ops"));
        var second = await frontEnd.Drain(new DrainOrder(1000, null, "others"));

        Assert.Equal((first.Since, 1, "others"), (second.Since, second.AtStart, second.By));
        Assert.True(second.Until < first.Until);
        Assert.Equal(1012, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_process_that_stops_is_neither_drained_nor_taken_back()
    {
        await using var host = await FrontEndHost.StartAsync();
        var frontEnd = await FrontEndAsync(host);
        await frontEnd.Drain(new DrainOrder(null, TimeSpan.FromHours(1), "ops"));
        host.Service<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(DrainPhase.Stopping, (await frontEnd.Resume("ops")).Phase);
        Assert.Equal(DrainPhase.Stopping, (await frontEnd.Drain(OwnPace)).Phase);
        Assert.Equal(FrontEndState.Draining, host.Service<Readiness>().State);
    }

    [Fact]
    public async Task A_stop_during_a_drain_does_not_wait_for_it()
    {
        await using var host = await FrontEndHost.StartAsync();
        var frontEnd = await FrontEndAsync(host);
        using var peer = await host.JoinedClientAsync();
        await frontEnd.Drain(new DrainOrder(null, TimeSpan.FromHours(1), "ops"));

        var stop = host.App.StopAsync();

        Assert.Equal(1012, await peer.ReceiveCloseAsync());
        await peer.SendCloseAsync(1012);
        await stop.WaitAsync(RawPeer.Patience);
    }

    private static async Task<IFrontEndObserver> FrontEndAsync(FrontEndHost host)
    {
        await host.Cluster.Directory.Renewals.NextAsync();
        return host.Cluster.Directory.FrontEnd!;
    }

    private static async Task<(DrainPhase, int, int)> UntilAsync(IFrontEndObserver frontEnd, DrainPhase phase)
    {
        using var limit = new CancellationTokenSource(RawPeer.Patience);
        while (true)
        {
            var state = await frontEnd.GetDrain();
            if (state.Phase == phase)
                return (state.Phase, state.Remaining, state.AtStart);
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
        }
    }
}
