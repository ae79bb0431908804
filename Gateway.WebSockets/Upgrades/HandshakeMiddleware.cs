using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Wire.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>
/// Serves devices' sockets on the bare connection: a device's first bytes are a whole opening handshake, and there is never a second
/// request, so that nothing of an HTTP request need live as long as the socket. Everything else is the HTTP server's: other requests, slow
/// or unusual handshakes, those that a proxy sends on a connection it has used before, and TLS.
/// </summary>
internal sealed class HandshakeMiddleware(
    ConnectionDelegate next, UpgradeHandler upgrades, PendingHandshakes pending, TimeProvider time, IOptions<FrontEndOptions> options)
{
    private readonly string _basePath = options.Value.BasePath.TrimEnd('/');

    internal async Task OnConnectionAsync(ConnectionContext connection)
    {
        var (socket, isOver) = await HandshakeAsync(connection);
        if (socket is not null)
            await socket.RunAsync();
        else if (!isOver)
            await next(connection);
    }

    private async ValueTask<(Connection? Socket, bool IsOver)> HandshakeAsync(ConnectionContext connection)
    {
        try
        {
            var (request, key) = await ReadAsync(connection);
            return request is null ? (null, false) : (await DecideAsync(connection, request, key), true);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The peer has gone, or said nothing for too long.
            return (null, true);
        }
    }

    private async ValueTask<Connection?> DecideAsync(ConnectionContext connection, ConnectRequest request, string key)
    {
        var decision = await upgrades.DecideAsync(request);
        if (decision.Refusal is { } refusal)
        {
            await RefuseAsync(connection, refusal, decision.RetryAfter);
            return null;
        }

        // Before the peer hears of it: its time counts from here.
        var socket = new UpgradedSocket(connection.Transport.Input, connection.Transport.Output, connection.Abort);
        var session = upgrades.Begin(socket, request.Kind, decision);
        try
        {
            WebSocketUpgrade.Accept(connection.Transport.Output, key);
            await connection.Transport.Output.FlushAsync();
            return session;
        }
        catch
        {
            upgrades.Abandon(decision);
            throw;
        }
    }

    private async ValueTask<(ConnectRequest? Request, string Key)> ReadAsync(ConnectionContext connection)
    {
        pending.Add(connection);
        try
        {
            var result = await connection.Transport.Input.ReadAsync();
            var request = RequestHead.TryRead(result.Buffer, out var end) is { } head && KindOf(head.Path) is { } kind
                ? (ToRequest(connection, head, kind), head.Key)
                : default;
            if (request.Item1 is null)
                end = result.Buffer.Start;
            connection.Transport.Input.AdvanceTo(end);
            return request;
        }
        finally
        {
            pending.Remove(connection);
        }
    }

    private static ConnectRequest ToRequest(ConnectionContext connection, RequestHead head, PeerKind kind) => new(
        kind,
        IsGet: true,
        IsUpgrade: true,
        new QueryString(head.Query),
        new HostString(head.Host),
        head.Headers,
        (connection.RemoteEndPoint as IPEndPoint)?.Address,
        connection.ConnectionClosed);

    private PeerKind? KindOf(string path)
    {
        if (_basePath.Length > 0 && path.StartsWith(_basePath, StringComparison.Ordinal) && path[_basePath.Length..] is ['/', ..] rest)
            path = rest;
        return path switch
        {
            "/client/websocket" => PeerKind.Client,
            "/gateway/websocket" => PeerKind.Gateway,
            "/relay/websocket" => PeerKind.Relay,
            _ => null,
        };
    }

    private async ValueTask RefuseAsync(ConnectionContext connection, ConnectRefusal refusal, int retryAfter)
    {
        var body = Problem.Render(refusal.Status, refusal.Code, refusal.Title, refusal.Detail);
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {refusal.Status} {refusal.Title}\r\nConnection: close\r\nDate: {time.GetUtcNow():R}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Type: {Problem.ContentType}\r\nContent-Length: {body.Length}\r\n");
        foreach (var (name, value) in ProblemResponse.Headers(refusal, retryAfter))
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        var output = connection.Transport.Output;
        Encoding.ASCII.GetBytes(head.Append("\r\n").ToString(), output);
        output.Write(body);
        await output.FlushAsync();
    }
}
