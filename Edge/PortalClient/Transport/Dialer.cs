using System.Net;
using System.Net.WebSockets;
using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.PortalClient.Retry;

namespace Firezone.Edge.PortalClient.Transport;

/// <summary>Performs WebSocket upgrades as Firezone's devices do. Thread-safe.</summary>
internal sealed class Dialer(PortalChannelOptions options, TimeProvider time)
{
    private static readonly TimeSpan TcpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Returns the open socket, which the caller disposes, or why there is none.</summary>
    /// <exception cref="OperationCanceledException">The attempt was released.</exception>
    public async Task<(ClientWebSocket? Socket, UpgradeFailure? Failure)> DialAsync(string? publicKey, CancellationToken ct)
    {
        var socket = new ClientWebSocket();
        try
        {
            // Firezone's devices choke on unsolicited Ping and Pong frames, and so do not send any themselves.
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            socket.Options.HttpVersion = HttpVersion.Version11;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("Host", options.Portal.Host);
            socket.Options.SetRequestHeader("User-Agent", DeviceIdentity.CleanUserAgent(options.UserAgent));
            socket.Options.SetRequestHeader("X-Authorization", $"Bearer {DeviceIdentity.CleanToken(options.Token)}");
            using var http = SingleUse();
            await socket.ConnectAsync(Url(publicKey), http, ct);
            return (socket, null);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var failure = Describe(socket, e);
            socket.Dispose();
            return (null, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Uri Url(string? publicKey) =>
        options.Portal.For(options.Role, options.Parameters.Append(KeyValuePair.Create("public_key", publicKey)));

    /// <summary>
    /// A handler for one attempt. Left to itself, .NET's would answer a connection that ends without a response with up to three new
    /// ones at once; how often a portal is dialled is not its to decide.
    /// </summary>
    private HttpMessageInvoker SingleUse()
    {
        var used = false;
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TcpTimeout,
            ConnectCallback = (context, ct) =>
            {
                if (used)
                    throw new IOException("The portal ended the connection without an answer.");
                used = true;
                return RacingConnector.ConnectAsync(context.DnsEndPoint, options.SourceAddress, ct);
            },
        });
    }

    private UpgradeFailure Describe(ClientWebSocket socket, Exception error)
    {
        var status = (int)socket.HttpStatusCode;
        if (status == 0)
            return new UpgradeFailure(null, null, error.GetBaseException().Message);

        TimeSpan? wait = null;
        if (socket.HttpResponseHeaders is { } headers)
        {
            var header = headers.FirstOrDefault(pair => pair.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
            if (RetryAfterHeader.TryParse(header?.FirstOrDefault(), time.GetUtcNow(), out var asked))
                wait = asked;
        }

        return new UpgradeFailure(status, wait, $"The portal answered the upgrade with HTTP {status}.");
    }
}
