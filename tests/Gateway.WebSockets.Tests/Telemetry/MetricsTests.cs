using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Shared.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Telemetry;

public sealed class MetricsTests
{
    private const string Heartbeat = """{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""";

    [Fact]
    public async Task Sessions_connects_refusals_frames_and_closes_are_counted()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);

        using (var peer = await host.JoinedClientAsync())
        {
            Assert.Equal(1, seen.Sum("sessions kind=client"));
            await peer.SendTextAsync(Heartbeat);
            await peer.ReceiveTextAsync();
            await peer.SendCloseAsync(1000);
            await host.Cluster.Client.Detaches.NextAsync();
            await peer.ReceiveEndAsync();
        }

        await host.RequestAsync(Connect.Relay().WithHeader("X-Authorization", null));

        Assert.Equal(1, seen.Sum("connects kind=client outcome=admitted"));
        Assert.Equal(1, seen.Sum("connects kind=relay outcome=refused"));
        Assert.Equal(1, seen.Sum("refusals code=missing_token"));
        Assert.Equal((2, 3), (seen.Sum("frames.received"), seen.Sum("frames.sent")));
        Assert.Equal(FrontEndHost.Join.Length + Heartbeat.Length, seen.Sum("bytes.received"));
        Assert.Equal(1, seen.Sum("heartbeats"));
        Assert.Equal(1, seen.Sum("closes code=1000 kind=client"));
        Assert.Equal(0, seen.Sum("sessions kind=client"));
    }

    [Fact]
    public async Task A_peer_cannot_make_tags_by_its_choice_of_a_close_code()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        foreach (var code in (ushort[])[3000, 4999])
        {
            using var peer = await host.OpenAsync(Connect.Gateway());
            await peer.SendCloseAsync(code);
            await peer.ReceiveEndAsync();
        }

        Assert.Equal(2, seen.Sum("closes code=other kind=gateway"));
    }

    [Fact]
    public async Task Decisions_on_connects_are_timed_by_outcome()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        Assert.Equal(101, (await host.RequestAsync(Connect.Gateway())).Status);
        Assert.Equal(401, (await host.RequestAsync(Connect.Client().WithToken("another"))).Status);
        host.Cluster.Admission.OnClient = _ => throw new InvalidOperationException("database");
        Assert.Equal(503, (await host.RequestAsync(Connect.Client())).Status);

        Assert.Single(await seen.WaitAsync("connect.duration kind=gateway outcome=admitted"));
        Assert.Single(await seen.WaitAsync("connect.duration kind=client outcome=refused"));
        Assert.Single(await seen.WaitAsync("connect.duration kind=client outcome=failed"));
        Assert.Equal(1, seen.Sum("connects kind=client outcome=failed"));
    }

    [Fact]
    public async Task Attaches_and_reattaches_are_counted_by_outcome()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        Assert.Single(await seen.WaitAsync("attach.duration kind=client outcome=attached"));

        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await session.FrontEnd.Lost(session.SessionId);
        Assert.Single(await seen.WaitAsync("reattaches kind=client outcome=attached"));

        host.Cluster.Client.OnAttach = (_, _) => throw new InvalidOperationException("gone for good");
        using var failing = await host.OpenAsync(Connect.Client());
        await failing.SendTextAsync(FrontEndHost.Join);
        Assert.Single(await seen.WaitAsync("attach.duration kind=client outcome=failed"));

        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(new AttachResult(AttachStatus.Gone, null, 0, FakeDevice.Silo));
        await session.FrontEnd.Lost(session.SessionId);
        Assert.Single(await seen.WaitAsync("reattaches kind=client outcome=gone"));
    }

    [Fact]
    public async Task An_outbox_that_is_not_empty_is_looked_at_once_a_second()
    {
        var clock = new FakeTimeProvider(Tickets.Now);
        await using var host = await FrontEndHost.StartAsync(
            new Dictionary<string, string?> { ["FrontEnd:Outbox:MaxBytes"] = "100000000", ["FrontEnd:SendTimeout"] = "01:00:00" }, clock);
        using var peer = await host.JoinedClientAsync(receiveBuffer: 4096);
        using var idle = await host.OpenAsync(Connect.Gateway());
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        byte[] large = [(byte)'"', .. Enumerable.Repeat((byte)'x', 500_000), (byte)'"'];
        for (var i = 0; i < 50; i++)
            await session.FrontEnd.Push(session.SessionId, 0, "large", large, 0);
        clock.Advance(TimeSpan.FromSeconds(1));

        using var seen = new Measurements(host);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(Assert.Single(await seen.WaitAsync("outbox.depth")), 1, 50);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await seen.WaitAsync("outbox.depth", 2)).Length);
        host.Service<SessionRegistry>().Connections.Single(c => c.Kind == PeerKind.Client).Abort();
    }

    [Fact]
    public void A_measurement_allocates_nothing()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<FrontEndMetrics>().BuildServiceProvider();
        var metrics = services.GetRequiredService<FrontEndMetrics>();
        var measured = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();

        Measure();
        // The runtime itself may allocate something in the midst of it.
        var least = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                Measure();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(5001 * 17, measured);

        void Measure()
        {
            metrics.SessionOpened(PeerKind.Client);
            metrics.Refused(PeerKind.Gateway, "rate_limit", failed: false);
            metrics.Decided(PeerKind.Relay, TimeSpan.FromMilliseconds(1), admitted: null);
            metrics.Received(10);
            metrics.Sent(10);
            metrics.Heartbeat();
            metrics.Attached(PeerKind.Client, TimeSpan.FromMilliseconds(1), "attached");
            metrics.Reattached(PeerKind.Client, "failed");
            metrics.PushDropped();
            metrics.OutboxDepth(3);
            metrics.FlowAnswered(FlowRequestKind.CreateFlow, FlowAnswer.Granted, TimeSpan.FromMilliseconds(1));
            metrics.SessionClosed(PeerKind.Client, 1006);
        }
    }
}
