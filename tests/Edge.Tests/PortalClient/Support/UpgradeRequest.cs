using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Edge.Tests.PortalClient.Support;

/// <summary>A received upgrade request that waits for its answer.</summary>
internal sealed class UpgradeRequest
{
    private readonly TcpClient _client;

    private UpgradeRequest(TcpClient client, string[] lines)
    {
        _client = client;
        Target = lines[0].Split(' ')[1];
        Headers = lines.Skip(1).Where(line => line.Contains(':')).ToLookup(
            line => line[..line.IndexOf(':')], line => line[(line.IndexOf(':') + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
    }

    public string Target { get; }

    public string Peer => ((IPEndPoint)_client.Client.RemoteEndPoint!).Address.ToString();

    public ILookup<string, string> Headers { get; }

    public static async Task<UpgradeRequest> ReadAsync(TcpClient client)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await client.GetStream().ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return new UpgradeRequest(client, head.ToString().Split("\r\n"));
    }

    public async Task<FakeSocket> AcceptAsync()
    {
        var accept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(Headers["Sec-WebSocket-Key"].Single() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await WriteAsync(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        var options = new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero };
        return new FakeSocket(WebSocket.CreateFromStream(_client.GetStream(), options));
    }

    public async Task RefuseAsync(int status, params string[] headers)
    {
        var extra = string.Concat(headers.Select(header => header + "\r\n"));
        await WriteAsync($"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n{extra}\r\n");
        _client.Dispose();
    }

    public void Drop() => _client.Dispose();

    private async Task WriteAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
