using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Gateways;

/// <summary>
/// A gateway, keyed by its device id: owns the gateway's one live session and the authorizations that it serves. Calls that name a
/// session which is not the current one are ignored.
/// </summary>
[Alias("fz.IGatewayGrain")]
public interface IGatewayGrain : IGrainWithGuidKey
{
    /// <summary>Makes a session the gateway's current one; an older one is closed.</summary>
    [Alias("Attach")]
    Task<AttachResult> Attach(SessionRef session, GatewayTicket ticket, Resume? resume);

    /// <summary>The session's socket is closed.</summary>
    [Alias("Detach")]
    Task Detach(Guid sessionId);

    /// <summary>
    /// Pushes <c>authorize_flow</c> and has the authorization stored meanwhile. Returns when the push is on its way;
    /// <see cref="FlowFailure.Offline"/> if no session is attached.
    /// </summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("AuthorizeFlow")]
    Task<FlowFailure?> AuthorizeFlow(FlowRequest request);

    /// <summary><c>flow_authorized</c>. False: the ref is not one that was given to this gateway.</summary>
    [AlwaysInterleave, Alias("FlowAuthorized")]
    Task<bool> FlowAuthorized(Guid sessionId, string flowRef);

    /// <summary>Deprecated <c>connection_ready</c>. False: the ref is not one that was given to this gateway.</summary>
    [AlwaysInterleave, Alias("ConnectionReady")]
    Task<bool> ConnectionReady(Guid sessionId, string flowRef, [Immutable] byte[] gatewayPayload);

    /// <summary><c>broadcast_ice_candidates</c> and, with <paramref name="invalidate"/>, <c>broadcast_invalidated_ice_candidates</c>.</summary>
    [AlwaysInterleave, Alias("SendIceCandidates")]
    Task SendIceCandidates(Guid sessionId, [Immutable] Guid[] clientIds, [Immutable] string[] candidates, bool invalidate);

    /// <summary>A client relays candidates; dropped unless it belongs to the gateway's account.</summary>
    [OneWay, AlwaysInterleave, Alias("ReceiveIceCandidates")]
    Task ReceiveIceCandidates(Guid accountId, Guid clientId, [Immutable] string[] candidates, bool invalidate);
}
