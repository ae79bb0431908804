using System.Net;
using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Locations;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Gateway.WebSockets.RemoteAddresses;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>
/// Serves the socket paths: whether there is room at all, then checks in the order that peers know, cheapest first, and nothing about the
/// token before the rate limit; then the upgrade, and then the socket until it ends.
/// </summary>
internal sealed partial class UpgradeHandler(
    Readiness readiness,
    RealIpResolver realIp,
    ConnectAdmission admission,
    ConnectRateLimiter rateLimiter,
    AdmissionCaller caller,
    ConnectionServices services,
    FrontEndMetrics metrics,
    IOptions<FrontEndOptions> options,
    ILogger<UpgradeHandler> logger)
{
    /// <summary>Serves a request that the HTTP server has read.</summary>
    internal async Task HandleAsync(HttpContext context, PeerKind kind)
    {
        try
        {
            var decision = await DecideAsync(ConnectRequest.Of(context, kind));
            if (decision.Refusal is { } refusal)
                await ProblemResponse.WriteAsync(context, refusal, decision.RetryAfter);
            else
                await (await AcceptAsync(context, kind, decision)).RunAsync();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The peer has gone before the decision.
        }
    }

    /// <summary>Decides on a connect. Unless it is refused a place is taken for its socket: go on with one of the next two.</summary>
    /// <exception cref="OperationCanceledException">The peer has gone.</exception>
    internal async ValueTask<ConnectDecision> DecideAsync(ConnectRequest request)
    {
        if (!request.IsGet)
            return Refuse(request.Kind, ConnectRefusal.NotGet);
        if (NotReady() is { } notReady)
            return Refuse(request.Kind, notReady);
        if (!services.Registry.TryReserve(options.Value.MaxSessions))
        {
            admission.Full("sessions");
            return Refuse(request.Kind, ConnectRefusal.Full);
        }

        var isAdmitted = false;
        try
        {
            // Before anything of the request is looked at: in a storm most of the work is to refuse.
            if (!admission.TryEnter(out var entered))
                return Refuse(request.Kind, ConnectRefusal.Overloaded);
            var decision = await DecideAsync(request, entered);
            if (decision.Refusal is { } refusal)
                return Refuse(request.Kind, refusal);
            isAdmitted = true;
            return decision;
        }
        finally
        {
            if (!isAdmitted)
                services.Registry.Release();
        }
    }

    /// <summary>The socket of an admitted connect, to be run.</summary>
    internal Connection Begin(UpgradedSocket socket, PeerKind kind, in ConnectDecision decision) =>
        new(socket, kind, decision, services);

    /// <summary>An admitted connect has not become a socket.</summary>
    internal void Abandon(in ConnectDecision decision)
    {
        services.Registry.Release();
        services.Registry.Addresses.Release(decision.Place);
    }

    private async Task<Connection> AcceptAsync(HttpContext context, PeerKind kind, ConnectDecision decision)
    {
        try
        {
            return Begin(await WebSocketUpgrade.AcceptAsync(context), kind, decision);
        }
        catch
        {
            Abandon(decision);
            throw;
        }
    }

    private async ValueTask<ConnectDecision> DecideAsync(ConnectRequest request, TimeSpan entered)
    {
        var end = ConnectEnd.Nothing;
        var place = AddressPlaces.Uncounted;
        try
        {
            var headers = request.Headers;
            var query = ConnectQuery.Parse(request.Query);
            if (!OriginCheck.Allows(headers.Origin, request.Host))
                return ConnectRefusal.Origin;
            if (!SerializerVersion.TryParse(query.Vsn, out var version))
                return ConnectRefusal.Vsn;

            var peer = realIp.Resolve(request.Peer, headers["X-Forwarded-For"]);
            if (TakePlace(peer.Address) is not { } taken)
                return ConnectRefusal.AddressFull;
            place = taken;
            var authorization = headers[BearerToken.Header];
            var rateKey = ConnectRateKey.Create(peer.Address, authorization.Count > 0 ? authorization[0] : null);
            if (!await rateLimiter.TryAcquireAsync(rateKey, request.Aborted))
                return ConnectRefusal.RateLimit;
            if (BearerToken.Find(authorization, query.Token) is not { } token)
                return ConnectRefusal.MissingToken;

            var location = peer.HeadersTrusted ? LocationResolver.Resolve(headers) : Location.Unknown;
            var attempt = new ConnectAttempt(token, query, peer.Address.ToString(), headers.UserAgent.ToString(), location);
            end = ConnectEnd.Abandoned;
            var outcome = await caller.AdmitAsync(request.Kind, attempt, request.Aborted);
            end = EndOf(outcome.Refusal);
            if (outcome.Refusal != Refusal.None)
                return ConnectRefusal.From(outcome.Refusal, outcome.Detail);
            if (!request.IsUpgrade)
                return ConnectRefusal.NotUpgrade;

            // A stop that has begun meanwhile would close the socket right after the upgrade.
            if (NotReady() is { } notReady)
                return notReady;
            var decision = new ConnectDecision(null, 0, outcome.Opener, version, place);
            place = AddressPlaces.Uncounted;
            return decision;
        }
        catch (Exception) when (end == ConnectEnd.Abandoned && !request.Aborted.IsCancellationRequested)
        {
            // Reported by the caller of the grain. Nothing is known about the token, so it is not refused.
            end = ConnectEnd.Failed;
            return ConnectRefusal.Unavailable;
        }
        finally
        {
            services.Registry.Addresses.Release(place);
            admission.Leave(entered, end);
        }
    }

    /// <summary>A place of an address; null if all are taken. Many may come from that of a proxy that does not name them.</summary>
    private ulong? TakePlace(IPAddress address)
    {
        var place = realIp.IsClient(address) ? AddressPlaces.KeyOf(address) : AddressPlaces.Uncounted;
        if (services.Registry.Addresses.TryReserve(place, options.Value.SessionsPerAddress))
            return place;
        admission.Full("address");
        return null;
    }

    private static ConnectEnd EndOf(Refusal refusal) => refusal switch
    {
        Refusal.Unavailable => ConnectEnd.Failed,
        Refusal.Overloaded => ConnectEnd.Busy,
        _ => ConnectEnd.Decided,
    };

    private ConnectRefusal? NotReady() => readiness.State switch
    {
        FrontEndState.Ready => null,
        FrontEndState.Draining or FrontEndState.Held => ConnectRefusal.Draining,
        _ => ConnectRefusal.Starting,
    };

    private ConnectDecision Refuse(PeerKind kind, ConnectRefusal refusal)
    {
        metrics.Refused(kind, refusal.Code, refusal.IsFailure);
        Refused(kind, refusal.Status, refusal.Code);
        // Peers wait exactly this long: drawn anew each time, so that they do not return all at once.
        var retryAfter = refusal.RetryAfter > 1 ? admission.SendAway(refusal.RetryAfter) : refusal.RetryAfter;
        return new ConnectDecision(refusal, retryAfter, null, default, AddressPlaces.Uncounted);
    }

    [LoggerMessage(EventId = 1141, Level = LogLevel.Debug, Message = "Connect of a {Kind} refused: {Status} {Code}")]
    private partial void Refused(PeerKind kind, int status, string code);
}
