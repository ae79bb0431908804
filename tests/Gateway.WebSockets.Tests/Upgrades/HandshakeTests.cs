using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Upgrades;

/// <summary>Handshakes that are served on the bare connection, and those that the HTTP server reads: peers see no difference.</summary>
public sealed class HandshakeTests
{
    private const string Heartbeat = """{"topic":"phoenix","event":"heartbeat","payload":{},"ref":7}""";

    [Fact]
    public async Task A_whole_handshake_is_served_on_the_bare_connection()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        var reply = await peer.RequestAsync(Connect.Client().PathAndQuery, Connect.Client().Headers);
        Assert.Equal((101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), (reply.Status, reply.Headers["Sec-WebSocket-Accept"]));
        Assert.False(reply.Headers.ContainsKey("Date")); // The HTTP server would have sent one.
        await HeartbeatAsync(peer);
    }

    [Fact]
    public async Task One_that_comes_byte_by_byte_is_the_http_servers()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        var connect = Connect.Client();
        var head = $"GET {connect.PathAndQuery} HTTP/1.1\r\n{string.Join("\r\n", connect.Headers)}\r\n";
        foreach (var b in Encoding.ASCII.GetBytes(head))
            await peer.SendAsync([b]);
        var reply = await ContinueAsync(peer, "\r\n");
        Assert.Equal(101, reply.Status);
        await HeartbeatAsync(peer);
    }

    [Fact]
    public async Task One_on_a_connection_that_was_used_before_is_the_http_servers()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        Assert.Equal(200, (await peer.RequestAsync("/healthz", ["Host: x"])).Status);
        Assert.Equal(101, (await peer.RequestAsync(Connect.Client().PathAndQuery, Connect.Client().Headers)).Status);
        await HeartbeatAsync(peer);
        await peer.SendFrameAsync(RawFrame.Binary, [1]);
        Assert.Equal(1003, await peer.ReceiveCloseAsync());
        await peer.SendCloseAsync(1003);
        await peer.ReceiveEndAsync();
        Assert.Equal(0, host.Service<SessionRegistry>().Count);
    }

    [Theory]
    [InlineData("Connection", "keep-alive, Upgrade")]
    [InlineData("connection", "upgrade")]
    [InlineData("UPGRADE", "WebSocket")]
    [InlineData("Content-Length", "0")]
    public async Task Unusual_but_valid_ones_are_served(string name, string value)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.OpenAsync(Connect.Client().WithHeader(name, value));
        await HeartbeatAsync(peer);
    }

    [Theory]
    [InlineData("Upgrade", null)]
    [InlineData("Upgrade", "h2c")]
    [InlineData("Connection", "close")]
    [InlineData("Sec-WebSocket-Version", "12")]
    [InlineData("Sec-WebSocket-Version", null)]
    [InlineData("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j")]
    [InlineData("Sec-WebSocket-Key", null)]
    public async Task What_is_no_handshake_is_refused_after_the_token(string name, string? value)
    {
        await using var host = await FrontEndHost.StartAsync();
        var reply = await host.RequestAsync(Connect.Client().WithHeader(name, value));
        Assert.Equal(400, reply.Status);
        Assert.Contains("not_websocket", reply.Body, StringComparison.Ordinal);
        Assert.Equal("13", reply.Header("Sec-WebSocket-Version"));
    }

    [Theory]
    [InlineData("GET /client/websocket HTTP/1.1\r\nConnection: Upgrade\r\n\r\n")] // no host
    [InlineData("GET /client/websocket HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /client/websocket HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n")]
    [InlineData("GET /client/websocket HTTP/1.1\r\nHost : a\r\n\r\n")]
    [InlineData("GET /client/websocket HTTP/1.1\r\nHost: a\r\nX-Authorization: a\0b\r\n\r\n")]
    [InlineData("GET /client/web\0socket HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\n\r\n")]
    public async Task What_is_no_http_is_answered_400(string request)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        Assert.Equal(400, (await ContinueAsync(peer, request)).Status);
        await peer.ReceiveEndAsync();
        Assert.Equal(0, host.Service<SessionRegistry>().Count);
    }

    [Theory]
    [InlineData(65, 20, 431)]
    [InlineData(10, 2000, 431)]
    public async Task Too_many_and_too_long_headers_are_refused(int count, int length, int status)
    {
        await using var host = await FrontEndHost.StartAsync();
        var connect = Connect.Client();
        for (var i = 0; i < count; i++)
            connect = connect.AddHeader($"X-Header-{i}", new string('x', length));
        Assert.Equal(status, (await host.RequestAsync(connect)).Status);
    }

    [Fact]
    public async Task Frames_in_the_packet_of_the_handshake_are_read()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        var connect = Connect.Client();
        var frame = RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(Heartbeat));
        await peer.SendAsync(
            [.. Encoding.ASCII.GetBytes($"GET {connect.PathAndQuery} HTTP/1.1\r\n{string.Join("\r\n", connect.Headers)}\r\n\r\n"), .. frame]);
        Assert.Equal(101, (await ContinueAsync(peer, "")).Status);
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_ended()
    {
        var clock = new FakeTimeProvider();
        await using var host = await FrontEndHost.StartAsync(clock: clock);
        using var peer = await host.ConnectAsync();
        var ended = peer.ReceiveEndAsync();
        var (_, advanced) = await host.AdvanceUntilAsync(ended.ContinueWith(_ => 0, TaskScheduler.Default), TimeSpan.FromSeconds(1));
        Assert.InRange(advanced.TotalSeconds, 10, 30);
    }

    [Fact]
    public async Task A_refusal_ends_the_connection()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        var reply = await peer.RequestAsync(Connect.Client().PathAndQuery, Connect.Client().WithHeader("X-Authorization", null).Headers);
        Assert.Equal((401, "close", "no-store"), (reply.Status, reply.Headers["Connection"], reply.Headers["Cache-Control"]));
        Assert.Contains("missing_token", reply.Body, StringComparison.Ordinal);
        await peer.ReceiveEndAsync();
        Assert.Equal(0, host.Service<SessionRegistry>().Count);
    }

    private static async Task HeartbeatAsync(RawPeer peer)
    {
        await peer.SendTextAsync(Heartbeat);
        Assert.Contains("\"ref\":7", await peer.ReceiveTextAsync());
    }

    private static async Task<HttpReply> ContinueAsync(RawPeer peer, string rest)
    {
        await peer.SendAsync(Encoding.Latin1.GetBytes(rest));
        return await peer.ReadReplyAsync();
    }
}
