using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Abuse;

/// <summary>Sockets that are of no use, or that send what they must not, are ended and counted.</summary>
public sealed class SocketAbuseTests
{
    private const string Heartbeat = """{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""";

    public static TheoryData<byte[], int> Unacceptable() => new()
    {
        { RawPeer.Frame(RawFrame.TextOpcode, Nested(31)), 1002 },
        { RawPeer.Frame(RawFrame.TextOpcode, Nested(30_000)), 1002 },
        { RawPeer.Frame(RawFrame.TextOpcode, new byte[64 * 1024 + 1]), 1009 },
        { RawPeer.Frame(RawFrame.TextOpcode, [.. "{\"topic\":\""u8, 0xC0, 0xAF, .. "\"}"u8]), 1007 },
        { RawPeer.Frame(RawFrame.Binary, Encoding.UTF8.GetBytes(Heartbeat)), 1003 },
        { [0xC1, .. RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(Heartbeat))[1..]], 1002 }, // RSV1: compressed
    };

    [Theory]
    [MemberData(nameof(Unacceptable))]
    public async Task What_must_not_be_sent_ends_the_socket_and_is_counted(byte[] frame, int code)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendAsync(frame);
        Assert.Equal(code, await peer.ReceiveCloseAsync());
        await peer.SendCloseAsync((ushort)code);
        peer.Dispose();
        await measurements.WaitAsync($"closes code={code} kind=client");
    }

    [Fact]
    public async Task Thirty_levels_of_a_payload_are_read()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendFrameAsync(RawFrame.TextOpcode, Nested(30));
        Assert.Contains("\"ref\":1", await peer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compression_is_never_agreed_on(bool viaHttp)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        if (viaHttp)
            Assert.Equal(200, (await peer.RequestAsync("/healthz", ["Host: x"])).Status);
        var connect = Connect.Client().AddHeader("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
        var reply = await peer.RequestAsync(connect.PathAndQuery, connect.Headers);
        Assert.Equal((101, null), (reply.Status, reply.Header("Sec-WebSocket-Extensions")));
    }

    [Fact]
    public async Task A_close_frame_with_forbidden_content_is_the_peers_last_and_ends_the_connection()
    {
        // Nothing ends it but the close frame.
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:CloseTimeout"] = "01:00:00" });
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendCloseAsync(1005);
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
        await peer.ReceiveEndAsync();
        await measurements.WaitAsync("closes code=1002 kind=client");
    }

    [Fact]
    public async Task Sockets_that_never_join_are_closed_and_counted()
    {
        var clock = new FakeTimeProvider(Tickets.Now);
        await using var host = await FrontEndHost.StartAsync(clock: clock);
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());
        await host.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
        peer.Dispose();
        await measurements.WaitAsync("closes code=1002 kind=client");
    }

    [Fact]
    public async Task A_frame_byte_by_byte_does_not_keep_a_socket_alive()
    {
        var clock = new FakeTimeProvider(Tickets.Now);
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:JoinTimeout"] = "01:00:00" }, clock);
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Gateway());
        foreach (var b in RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(Heartbeat))[..38])
        {
            await peer.SendAsync([b]);
            await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1002, await peer.ReceiveCloseAsync());
        peer.Dispose();
        await measurements.WaitAsync("closes code=1002 kind=gateway");
    }

    private static byte[] Nested(int levels) => Encoding.UTF8.GetBytes(
        $$"""{"topic":"phoenix","event":"heartbeat","payload":{"a":{{new string('[', levels)}}{{new string(']', levels)}}},"ref":1}""");
}
