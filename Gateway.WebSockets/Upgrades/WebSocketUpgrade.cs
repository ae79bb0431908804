using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>
/// The server's half of the opening handshake (RFC 6455 section 4.2.2). The frames are ours: the framework's own
/// take some 7 µs a message and 7 kB a socket more, and abort the connection together with the close frame when a peer violates the protocol.
/// </summary>
internal static class WebSocketUpgrade
{
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly StreamPipeReaderOptions ReaderOptions = new(useZeroByteReads: true);

    /// <summary>Upgrades a request that the framework has found to be a valid WebSocket request.</summary>
    internal static async Task<UpgradedSocket> AcceptAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());

        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        return new UpgradedSocket(PipeReader.Create(stream, ReaderOptions), PipeWriter.Create(stream), context.Abort);
    }

    /// <summary>Writes the answer to a valid handshake, without sending it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="key">The request's <c>Sec-WebSocket-Key</c>.</param>
    internal static void Accept(IBufferWriter<byte> output, string key)
    {
        output.Write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "u8);
        Encoding.ASCII.GetBytes(Accept(key), output);
        output.Write("\r\n\r\n"u8);
    }

    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key.Trim() + AcceptSuffix)));
}
