using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>
/// The server's half of the opening handshake (RFC 6455 section 4.2.2). The framework's own accept would abort the connection together
/// with the close frame when a peer violates the protocol, and offers no way to send several frames at once.
/// </summary>
internal static class WebSocketUpgrade
{
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Upgrades a request that the framework has found to be a valid WebSocket request.</summary>
    internal static async Task<UpgradedSocket> AcceptAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());

        var stream = new PeerStream(await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());

        // No keep-alive frames: native peers take a Ping or Pong for a broken connection. No compression: they never offer it.
        var options = new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero };
        var socket = WebSocket.CreateFromStream(stream, options);
        return new UpgradedSocket(socket, stream, context.Abort);
    }

    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key.Trim() + AcceptSuffix)));
}
