using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class FramingTests
{
    private const string Heartbeat = """{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""";

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"topic":"client","event":"x","payload":{},"ref":7""")]
    [InlineData("""{"topic":"client","event":"x","ref":7}""")]
    [InlineData("""{"topic":1,"event":"x","payload":{},"ref":7}""")]
    [InlineData("")]
    public async Task A_malformed_frame_closes_the_socket_with_1002(string text)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(text);
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
        await peer.SendCloseAsync(1002);
        await peer.ReceiveEndAsync();
    }

    [Fact]
    public async Task A_deeply_nested_frame_closes_the_socket_with_1002()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync($$"""{"topic":"client","event":"x","payload":{{new string('[', 1000)}}{{new string(']', 1000)}},"ref":1}""");
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_binary_frame_closes_the_socket_with_1003()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendFrameAsync(RawFrame.Binary, Encoding.UTF8.GetBytes(Heartbeat));
        Assert.Equal(1003, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Text_that_is_not_utf8_closes_the_socket_with_1007()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendFrameAsync(RawFrame.TextOpcode, [0x7B, 0xC3, 0x28, 0x7D]);
        Assert.Equal(1007, await peer.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData(true, 0x83)]
    [InlineData(true, 0xC1)]
    [InlineData(false, 0x81)]
    public async Task A_frame_that_the_standard_forbids_closes_the_socket_with_1002(bool masked, byte head)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        var frame = RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(Heartbeat), masked: masked);
        frame[0] = head;
        await peer.SendAsync(frame);
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_read()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(Padded(64 * 1024));
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_longer_message_closes_the_socket_with_1009()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendTextAsync(Padded(64 * 1024 + 1));
        Assert.Equal(1009, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Fragments_are_put_together()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        var bytes = Encoding.UTF8.GetBytes(Heartbeat);
        await peer.SendFrameAsync(RawFrame.TextOpcode, [], fin: false);
        await peer.SendFrameAsync(RawFrame.Continuation, bytes[..10], fin: false);
        await peer.SendFrameAsync(RawFrame.Ping, [1]);
        await peer.SendFrameAsync(RawFrame.Continuation, [], fin: false);
        await peer.SendFrameAsync(RawFrame.Continuation, bytes[10..]);

        var pong = await peer.ReceiveFrameAsync();
        Assert.Equal(RawFrame.Pong, pong.Opcode); // Only because it was asked for.
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task Fragments_count_together_against_the_limit()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        var fragment = Encoding.UTF8.GetBytes(new string(' ', 40 * 1024));
        await peer.SendFrameAsync(RawFrame.TextOpcode, fragment, fin: false);
        await peer.SendFrameAsync(RawFrame.Continuation, fragment, fin: false);
        Assert.Equal(1009, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_frame_may_arrive_byte_by_byte()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        foreach (var b in RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(Heartbeat)))
            await peer.SendAsync([b]);
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task Many_frames_in_one_packet_are_answered_in_order()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        var packet = Enumerable.Range(0, 50)
            .SelectMany(i => RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(Heartbeat.Replace("7", $"{i}"))));
        await peer.SendAsync([.. packet]);
        for (var i = 0; i < 50; i++)
            Assert.EndsWith($"\"ref\":{i}}}", await peer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(4000)]
    public async Task A_peers_close_is_answered_with_its_code(ushort code)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendCloseAsync(code);
        Assert.Equal(code, await peer.ReceiveCloseAsync());
        await peer.ReceiveEndAsync();
    }

    [Fact]
    public async Task A_close_without_a_code_is_answered_as_a_normal_one()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await peer.SendFrameAsync(RawFrame.CloseOpcode, []);
        Assert.Equal(1000, await peer.ReceiveCloseAsync());
    }

    private static string Padded(int bytes)
    {
        var text = """{"topic":"phoenix","event":"heartbeat","payload":{"pad":"*"},"ref":7}""";
        return text.Replace("*", new string('x', bytes - text.Length + 1));
    }
}
