using System.Net;
using Firezone.Gateway.WebSockets.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>A request for a socket, however it was read.</summary>
/// <param name="Kind">By its path.</param>
/// <param name="IsGet">Whether the method is GET.</param>
/// <param name="IsUpgrade">Whether it is a valid opening handshake.</param>
/// <param name="Query">With its question mark; empty if there is none.</param>
/// <param name="Host">Where it was sent.</param>
/// <param name="Headers">At least those that are looked at.</param>
/// <param name="Peer">Address of the TCP peer.</param>
/// <param name="Aborted">The peer has gone.</param>
internal sealed record ConnectRequest(
    PeerKind Kind,
    bool IsGet,
    bool IsUpgrade,
    QueryString Query,
    HostString Host,
    IHeaderDictionary Headers,
    IPAddress? Peer,
    CancellationToken Aborted)
{
    /// <summary>As the framework has read it.</summary>
    internal static ConnectRequest Of(HttpContext context, PeerKind kind) => new(
        kind,
        HttpMethods.IsGet(context.Request.Method),
        // The framework also takes HTTP/1.0.
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.WebSockets.IsWebSocketRequest
            && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true },
        context.Request.QueryString,
        context.Request.Host,
        context.Request.Headers,
        context.Connection.RemoteIpAddress,
        context.RequestAborted);

    /// <summary>Without query and headers: they may hold a token.</summary>
    public override string ToString() => $"connect of a {Kind} from {Peer}";
}
