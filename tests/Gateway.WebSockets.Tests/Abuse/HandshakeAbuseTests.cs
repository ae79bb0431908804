using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Upgrades;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Abuse;

/// <summary>Connections that never become sockets cost little, not for long, and are counted.</summary>
public sealed class HandshakeAbuseTests
{
    [Fact]
    public async Task Connections_that_say_nothing_are_ended_and_counted_once_each()
    {
        var clock = new FakeTimeProvider();
        await using var host = await FrontEndHost.StartAsync(clock: clock);
        using var measurements = new Measurements(host);
        using var first = await host.ConnectAsync();
        using var second = await host.ConnectAsync();
        var ended = Task.WhenAll(first.ReceiveEndAsync(), second.ReceiveEndAsync());
        await host.AdvanceUntilAsync(ended.ContinueWith(_ => 0, TaskScheduler.Default), TimeSpan.FromSeconds(1));
        Assert.Equal(2, measurements.Sum("handshakes.broken reason=silent"));
    }

    [Fact]
    public async Task A_crowd_of_connections_that_say_nothing_is_ended_sooner()
    {
        const int Crowd = 1_001;
        var clock = new FakeTimeProvider();
        await using var host = await FrontEndHost.StartAsync(clock: clock);
        using var measurements = new Measurements(host);
        var peers = new List<RawPeer>();
        for (var i = 0; i < Crowd; i++)
            peers.Add(await host.ConnectAsync());
        // A connection is taken a little later than its peer believes.
        var pending = host.Service<PendingHandshakes>();
        while (pending.Count < Crowd)
            await host.RequestAsync(new Connect("/healthz", new Dictionary<string, string?>(), ["Host: x"]));

        clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(peers.Select(peer => peer.ReceiveEndAsync()));
        Assert.Equal(Crowd, measurements.Sum("handshakes.broken reason=silent"));
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task A_handshake_byte_by_byte_is_given_up_after_its_time()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:HandshakeTimeout"] = "00:00:01" });
        using var measurements = new Measurements(host);
        using var peer = await host.ConnectAsync();
        await peer.SendAsync("GET /client/websocket HTTP/1.1\r\nX-Slow: "u8.ToArray());
        var reply = peer.ReadReplyAsync();
        while (!reply.IsCompleted)
        {
            try
            {
                await peer.SendAsync("x"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }

            // So that a byte comes now and then, and the reply comes before there are too many.
            await host.RequestAsync(new Connect("/healthz", new Dictionary<string, string?>(), ["Host: x"]));
        }

        Assert.Equal(408, (await reply).Status);
        await measurements.WaitAsync("handshakes.broken reason=slow");
        Assert.Equal(0, host.Service<SessionRegistry>().Count);
    }

    public static TheoryData<string, int, string> Broken() => new()
    {
        { $"GET /{new string('x', 9000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "too_large" },
        { $"GET /client/websocket?{new string('x', 9000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "too_large" },
        { $"GET /client/websocket HTTP/1.1\r\nHost: a\r\nX: {new string('x', 17_000)}\r\n\r\n", 431, "too_large" },
        { $"GET /client/websocket HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("X: x\r\n", 65))}\r\n", 431, "too_large" },
        { "GET /client/websocket HTTP/1.1\r\nConnection: Upgrade\r\n\r\n", 400, "malformed" }, // no host
        { "GET /client/web\0socket HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed" },
        { "GET /client/web%00socket HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed" },
        { "GET client/websocket HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed" },
        { "GET http://b/client/websocket HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed" }, // another host
        { "GET /client/websocket HTTP/1.1\r\nHost: a\r\nX-Authorization: a\0b\r\n\r\n", 400, "malformed" },
        { "GET /client/websocket HTTP/3.7\r\nHost: a\r\n\r\n", 505, "malformed" },
        { "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n\r\n\r\n", 400, "malformed" }, // TLS
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_request_is_refused_and_counted(string request, int status, string reason)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.ConnectAsync();
        await peer.SendAsync(Encoding.Latin1.GetBytes(request));
        Assert.Equal(status, (await peer.ReadReplyAsync()).Status);
        await peer.ReceiveEndAsync();
        Assert.Single(await measurements.WaitAsync($"handshakes.broken reason={reason}"));
        Assert.Equal(0, host.Service<SessionRegistry>().Count);
    }

    [Fact]
    public async Task A_peer_that_speaks_HTTP_2_is_told_that_nobody_does_here()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.ConnectAsync();
        await peer.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await peer.ReceiveEndAsync();
        await measurements.WaitAsync("handshakes.broken reason=malformed");
    }

    [Theory]
    [InlineData("GET http://api.example.com", "HTTP/1.1", 101)] // Servers must take the absolute form.
    [InlineData("GET", "HTTP/1.0", 400)]
    [InlineData("GET /x/..", "HTTP/1.1", 101)]
    [InlineData("GET /x", "HTTP/1.1", 404)]
    public async Task Unusual_forms_of_a_handshake_do_no_more_than_the_usual_one(string before, string version, int status)
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        var connect = Connect.Client();
        var separator = before.Contains('/') ? "" : " ";
        await peer.SendAsync(Encoding.ASCII.GetBytes(
            $"{before}{separator}{connect.PathAndQuery} {version}\r\n{string.Concat(connect.Headers.Select(h => h + "\r\n"))}\r\n"));
        Assert.Equal(status, (await peer.ReadReplyAsync()).Status);
    }

    [Fact]
    public async Task Requests_in_one_packet_are_answered_one_after_the_other_and_none_after_the_handshake()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        var connect = Connect.Client();
        var health = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        await peer.SendAsync(Encoding.ASCII.GetBytes(
            $"{health}{health}GET {connect.PathAndQuery} HTTP/1.1\r\n{string.Concat(connect.Headers.Select(h => h + "\r\n"))}\r\n{health}"));
        Assert.Equal(200, (await peer.ReadReplyAsync()).Status);
        Assert.Equal(200, (await peer.ReadReplyAsync()).Status);
        Assert.Equal(101, (await peer.ReadReplyAsync()).Status);
        Assert.Equal(1002, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_handshake_with_a_body_is_none()
    {
        await using var host = await FrontEndHost.StartAsync();
        var connect = Connect.Client().AddHeader("Content-Length", "0").AddHeader("Transfer-Encoding", "chunked");
        Assert.Equal(400, (await host.RequestAsync(connect)).Status);
    }
}
