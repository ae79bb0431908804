using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Locations;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Gateway.WebSockets.RemoteAddresses;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Frames;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>
/// Serves the socket paths: checks in the order that peers know, cheapest first, and nothing about the token before the rate limit; then
/// the upgrade, and then the socket until it ends.
/// </summary>
internal sealed partial class UpgradeHandler(
    Readiness readiness,
    RealIpResolver realIp,
    IConnectRateLimiter rateLimiter,
    AdmissionCaller admission,
    ConnectionServices services,
    FrontEndMetrics metrics,
    IOptions<FrontEndOptions> options,
    ILogger<UpgradeHandler> logger)
{
    private int _pending;

    internal async Task HandleAsync(HttpContext context, PeerKind kind)
    {
        var query = ConnectQuery.Parse(context.Request.QueryString);
        if (!HttpMethods.IsGet(context.Request.Method))
            await RefuseAsync(context, kind, ConnectRefusal.NotGet);
        else if (!OriginCheck.Allows(context.Request.Headers.Origin, context.Request.Host))
            await RefuseAsync(context, kind, ConnectRefusal.Origin);
        else if (!SerializerVersion.TryParse(query.Vsn, out var version))
            await RefuseAsync(context, kind, ConnectRefusal.Vsn);
        else if (NotReady() is { } notReady)
            await RefuseAsync(context, kind, notReady);
        else if (!services.Registry.TryReserve(options.Value.MaxSessions))
            await RefuseAsync(context, kind, ConnectRefusal.Overloaded);
        else
            await HandleReservedAsync(context, kind, query, version);
    }

    private async Task HandleReservedAsync(HttpContext context, PeerKind kind, ConnectQuery query, FrameVersion version)
    {
        try
        {
            var (outcome, refusal) = await AdmitAsync(context, kind, query);
            if (refusal is not null)
            {
                await RefuseAsync(context, kind, refusal);
                return;
            }

            var socket = await WebSocketUpgrade.AcceptAsync(context);
            await new Connection(socket, kind, version, outcome.Opener!, services).RunAsync();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The peer has gone before the decision.
        }
        finally
        {
            services.Registry.Release();
        }
    }

    private async Task<(AdmissionOutcome Outcome, ConnectRefusal? Refusal)> AdmitAsync(
        HttpContext context, PeerKind kind, ConnectQuery query)
    {
        var headers = context.Request.Headers;
        var peer = realIp.Resolve(context.Connection.RemoteIpAddress, headers["X-Forwarded-For"]);
        var authorization = headers[BearerToken.Header];
        if (!rateLimiter.TryAcquire(ConnectRateKey.Create(peer.Address, authorization.Count > 0 ? authorization[0] : null)))
            return (default, ConnectRefusal.RateLimit);
        if (BearerToken.Find(authorization, query.Token) is not { } token)
            return (default, ConnectRefusal.MissingToken);

        var location = peer.HeadersTrusted ? LocationResolver.Resolve(headers) : Location.Unknown;
        var attempt = new ConnectAttempt(token, query, peer.Address.ToString(), headers.UserAgent.ToString(), location);
        if (Interlocked.Increment(ref _pending) > options.Value.MaxPendingConnects)
        {
            Interlocked.Decrement(ref _pending);
            return (default, ConnectRefusal.Overloaded);
        }

        AdmissionOutcome outcome;
        try
        {
            outcome = await admission.AdmitAsync(kind, attempt, context.RequestAborted);
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Reported by the caller of the grain. Nothing is known about the token, so it is not refused.
            return (default, ConnectRefusal.Unavailable);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }

        if (outcome.Refusal != Refusal.None)
            return (default, ConnectRefusal.From(outcome.Refusal, outcome.Detail));
        if (!context.WebSockets.IsWebSocketRequest)
            return (default, ConnectRefusal.NotUpgrade);

        // A stop that has begun meanwhile would close the socket right after the upgrade.
        return (outcome, NotReady());
    }

    private ConnectRefusal? NotReady() => readiness.State switch
    {
        FrontEndState.Ready => null,
        FrontEndState.Draining => ConnectRefusal.Draining,
        _ => ConnectRefusal.Starting,
    };

    private Task RefuseAsync(HttpContext context, PeerKind kind, ConnectRefusal refusal)
    {
        metrics.Refused(kind, refusal.Code, refusal.IsFailure);
        Refused(kind, refusal.Status, refusal.Code);
        return ProblemResponse.WriteAsync(context, refusal);
    }

    [LoggerMessage(EventId = 1141, Level = LogLevel.Debug, Message = "Connect of a {Kind} refused: {Status} {Code}")]
    private partial void Refused(PeerKind kind, int status, string code);
}
