using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Certificates;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

public sealed class PolledListenerTests
{
    private const string Health = "GET /healthz HTTP/1.1\r\nHost: x\r\n";

    [Fact]
    public async Task A_peer_that_ends_its_direction_after_a_request_gets_the_whole_answer()
    {
        await using var host = await FrontEndHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            var answer = await AskAndEndAsync(host.Endpoint, Health + "\r\n");
            Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
            Assert.True(IsWhole(answer), answer);
        }
    }

    [Fact]
    public async Task A_peer_that_ends_its_direction_after_a_handshake_gets_the_whole_refusal()
    {
        await using var host = await FrontEndHost.StartAsync();
        var connect = Connect.Client().WithHeader("X-Authorization", null);
        var request = $"GET {connect.PathAndQuery} HTTP/1.1\r\n{string.Concat(connect.Headers.Select(h => h + "\r\n"))}\r\n";
        for (var i = 0; i < 50; i++)
        {
            var answer = await AskAndEndAsync(host.Endpoint, request);
            Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
            Assert.True(IsWhole(answer), answer);
        }
    }

    [Fact]
    public async Task One_connection_serves_several_requests()
    {
        await using var host = await FrontEndHost.StartAsync();
        using var peer = await host.ConnectAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal(200, (await peer.RequestAsync("/healthz", ["Host: x"])).Status);
    }

    [Fact]
    public async Task A_request_that_is_begun_and_goes_on_no_further_is_given_up_after_its_time()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:HandshakeTimeout"] = "00:00:01" });
        using var peer = await host.ConnectAsync();
        await peer.SendAsync("GET /healthz HTTP/1.1\r\n"u8.ToArray());
        Assert.Equal(408, (await peer.ReadReplyAsync()).Status);
        await peer.ReceiveEndAsync();
    }

    [Fact]
    public async Task A_peer_of_IPv6_is_known_by_its_address()
    {
        if (!Socket.OSSupportsIPv6 || !CanBind(IPAddress.IPv6Loopback))
            return;
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:Urls"] = "http://[::1]:0" });
        var endpoint = new IPEndPoint(IPAddress.IPv6Loopback, host.Endpoint.Port);
        Assert.StartsWith("HTTP/1.1 200 ", await AskAndEndAsync(endpoint, Health + "\r\n"), StringComparison.Ordinal);

        using var peer = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(endpoint);
        var connect = Connect.Client();
        await peer.SendAsync(
            Encoding.ASCII.GetBytes($"GET {connect.PathAndQuery} HTTP/1.1\r\n{string.Concat(connect.Headers.Select(h => h + "\r\n"))}\r\n"));
        Assert.Equal("::1", (await host.Cluster.Admission.Clients.NextAsync()).RemoteIp);
    }

    [Fact]
    public async Task A_socket_within_TLS_is_served()
    {
        using var authority = new TestAuthority();
        using var files = new CertificateFolder(authority.Issue(), authority.Pem);
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?>
        {
            ["FrontEnd:Urls"] = "https://127.0.0.1:0",
            ["Kestrel:Certificates:Default:Path"] = files.Certificate,
            ["Kestrel:Certificates:Default:KeyPath"] = files.Key,
        });
        using var limit = new CancellationTokenSource(RawPeer.Patience);
        using var socket = new ClientWebSocket();
        var connect = Connect.Client();
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        socket.Options.SetRequestHeader("User-Agent", Connect.ClientAgent);
        socket.Options.SetRequestHeader("X-Authorization", $"Bearer {Connect.Token}");
        await socket.ConnectAsync(new Uri($"wss://{host.Endpoint}{connect.PathAndQuery}"), limit.Token);
        foreach (var reference in (int[])[7, 8])
        {
            var heartbeat = Encoding.UTF8.GetBytes($$"""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":{{reference}}}""");
            await socket.SendAsync(heartbeat, WebSocketMessageType.Text, true, limit.Token);
            var reply = new byte[1024];
            var received = await socket.ReceiveAsync(reply, limit.Token);
            Assert.Contains($"\"ref\":{reference}", Encoding.UTF8.GetString(reply, 0, received.Count), StringComparison.Ordinal);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
    }

    [Fact]
    public async Task A_connection_that_is_over_when_it_has_hardly_begun_ends_well()
    {
        await using var host = new TransportHost(_ => Task.CompletedTask);
        for (var i = 0; i < 50; i++)
        {
            using var peer = await host.PeerAsync();
            Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).WaitAsync(RawPeer.Patience));
        }

        Assert.Empty(host.Logs.Lines);
    }

    [Fact]
    public async Task A_failure_ends_its_connection_alone()
    {
        await using var host = new TransportHost(_ => throw new InvalidOperationException("broken"));
        for (var i = 0; i < 3; i++)
        {
            using var peer = await host.PeerAsync();
            Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).WaitAsync(RawPeer.Patience));
        }

        Assert.Equal(3, host.Logs.Lines.Count(line => line.StartsWith("Error ServingFailed", StringComparison.Ordinal)));
    }

    private static bool CanBind(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsWhole(string answer)
    {
        var parts = answer.Split("\r\n\r\n", 2);
        return parts.Length == 2
            && (parts[0].Contains("chunked", StringComparison.Ordinal)
                ? parts[1].EndsWith("0\r\n\r\n", StringComparison.Ordinal)
                : parts[0].Contains($"Content-Length: {parts[1].Length}", StringComparison.Ordinal));
    }

    private static async Task<string> AskAndEndAsync(IPEndPoint endpoint, string request)
    {
        using var limit = new CancellationTokenSource(RawPeer.Patience);
        using var peer = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(endpoint);
        await peer.SendAsync(Encoding.ASCII.GetBytes(request));
        using var stream = new NetworkStream(peer);
        peer.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
