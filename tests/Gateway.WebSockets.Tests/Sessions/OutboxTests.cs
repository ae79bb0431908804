using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class OutboxTests
{
    private static readonly byte[] Large = [(byte)'"', .. Enumerable.Repeat((byte)'x', 200_000), (byte)'"'];

    [Fact]
    public async Task A_peer_that_does_not_read_is_closed_with_1011_when_its_outbox_is_full()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:Outbox:MaxBytes"] = "1000000" });
        using var peer = await host.JoinedClientAsync(receiveBuffer: 4096);
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        var registry = host.Service<SessionRegistry>();
        var connection = registry.Connections.Single();

        for (var i = 0; i < 1000 && connection.Writer.Closing is null; i++)
            await session.FrontEnd.Push(session.SessionId, 0, "large", Large, 0);

        Assert.Equal(1011, (int?)connection.Writer.Closing);

        // What had left already still comes, then the code; what waited was thrown away.
        var bytes = 0L;
        while (await peer.ReceiveFrameAsync() is var frame)
        {
            if (frame.Opcode == RawFrame.CloseOpcode)
            {
                Assert.Equal(1011, frame.CloseCode);
                break;
            }

            bytes += frame.Payload.Length;
        }

        Assert.InRange(bytes, 0, 200L * Large.Length);
    }

    [Fact]
    public async Task Pushes_during_an_attach_are_bounded_too()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:Outbox:MaxFrames"] = "10" });
        host.Cluster.Client.OnAttach = async (session, _) =>
        {
            for (var i = 0; i < 11; i++)
                await session.FrontEnd.Push(session.SessionId, 0, "x", "1"u8.ToArray(), 0);
            return FakeDevice.Attached("{}");
        };
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Equal(1011, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task An_init_fits_whatever_its_length()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:Outbox:MaxBytes"] = "65536" });
        var init = $$"""{"pad":"{{new string('x', 300_000)}}"}""";
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached(init));
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Contains("phx_reply", await peer.ReceiveTextAsync());
        Assert.Contains(init, await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_single_frame_may_be_larger_than_the_outbox()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:Outbox:MaxBytes"] = "65536" });
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await session.FrontEnd.Push(session.SessionId, 0, "large", Large, 0);
        Assert.True((await peer.ReceiveTextAsync()).Length > Large.Length);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_for_too_long_is_cut_off()
    {
        var clock = new FakeTimeProvider(Tickets.Now);
        var settings = new Dictionary<string, string?>
        {
            ["FrontEnd:Outbox:MaxBytes"] = "100000000",
            ["FrontEnd:IdleTimeout:Client"] = "1.00:00:00",
        };
        await using var host = await FrontEndHost.StartAsync(settings, clock);
        using var peer = await host.JoinedClientAsync(receiveBuffer: 4096);
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        for (var i = 0; i < 100; i++)
            await session.FrontEnd.Push(session.SessionId, 0, "large", Large, 0);

        var (detached, advanced) = await host.AdvanceUntilAsync(host.Cluster.Client.Detaches.NextAsync(), TimeSpan.FromSeconds(1));
        Assert.Equal(session.SessionId, detached);
        Assert.True(advanced >= TimeSpan.FromSeconds(15), $"{advanced}");
    }

    [Fact]
    public async Task Concurrent_pushes_of_one_caller_stay_in_order_and_whole()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                await session.FrontEnd.Push(session.SessionId, 0, $"w{writer}", System.Text.Encoding.UTF8.GetBytes($"{i}"), 0);
        })));

        var next = new int[4];
        for (var i = 0; i < 400; i++)
        {
            var frame = System.Text.Json.JsonDocument.Parse(await peer.ReceiveTextAsync()).RootElement;
            var writer = frame.GetProperty("event").GetString()![1] - '0';
            Assert.Equal(next[writer]++, frame.GetProperty("payload").GetInt32());
        }
    }
}
