using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Clients;

/// <summary>
/// A client, keyed by its device id: owns the client's one live session and what that session has been told. Calls that name a session
/// which is not the current one are ignored.
/// </summary>
[Alias("fz.IClientGrain")]
public interface IClientGrain : IGrainWithGuidKey
{
    /// <summary>Makes a session the client's current one; an older one is closed.</summary>
    [Alias("Attach")]
    Task<AttachResult> Attach(SessionRef session, ClientTicket ticket, Resume? resume);

    /// <summary>The session's socket is closed.</summary>
    [Alias("Detach")]
    Task Detach(Guid sessionId);

    /// <summary><c>create_flow</c>. The answer is a push: <c>flow_created</c> or <c>flow_creation_failed</c>.</summary>
    [AlwaysInterleave, Alias("CreateFlow")]
    Task CreateFlow(Guid sessionId, Guid resourceId, [Immutable] Guid[] connectedGatewayIds);

    /// <summary><c>broadcast_ice_candidates</c> and, with <paramref name="invalidate"/>, <c>broadcast_invalidated_ice_candidates</c>.</summary>
    [AlwaysInterleave, Alias("SendIceCandidates")]
    Task SendIceCandidates(Guid sessionId, [Immutable] Guid[] gatewayIds, [Immutable] string[] candidates, bool invalidate);

    /// <summary>Deprecated <c>prepare_connection</c>.</summary>
    [AlwaysInterleave, Alias("PrepareConnection")]
    Task<RequestReply> PrepareConnection(Guid sessionId, Guid resourceId, [Immutable] Guid[] connectedGatewayIds);

    /// <summary>
    /// Deprecated <c>reuse_connection</c> (with <see cref="LegacyConnection.PresharedKey"/> null) and <c>request_connection</c>.
    /// Null means: answered later through <see cref="FrontEnds.IFrontEndObserver.Reply"/>.
    /// </summary>
    [AlwaysInterleave, Alias("RequestConnection")]
    Task<RequestReply?> RequestConnection(Guid sessionId, string requestRef, LegacyConnection request);

    /// <summary>A gateway relays candidates; dropped unless it belongs to the client's account.</summary>
    [OneWay, AlwaysInterleave, Alias("ReceiveIceCandidates")]
    Task ReceiveIceCandidates(Guid accountId, Guid gatewayId, [Immutable] string[] candidates, bool invalidate);

    /// <summary>A gateway has installed a flow whose authorization is durable.</summary>
    [OneWay, AlwaysInterleave, Alias("FlowAuthorized")]
    Task FlowAuthorized(GrantedFlow flow);

    /// <summary>A flow that was on its way could not be granted.</summary>
    /// <param name="sessionId">The session that asked.</param>
    /// <param name="resourceId">What it asked for.</param>
    /// <param name="reason">Why not.</param>
    /// <param name="requestRef">Raw JSON text of the <c>ref</c> of a deprecated request, else null.</param>
    [OneWay, AlwaysInterleave, Alias("FlowFailed")]
    Task FlowFailed(Guid sessionId, Guid resourceId, FlowFailure reason, string? requestRef);

    /// <summary>A gateway older than 1.4 has answered a deprecated connection request.</summary>
    [OneWay, AlwaysInterleave, Alias("ConnectionReady")]
    Task ConnectionReady(Guid sessionId, string requestRef, Guid resourceId, string gatewayPublicKey, [Immutable] byte[] gatewayPayload);

    /// <summary>The ticket of a session, if it is the current one: for a gateway grain that has lost the flow it was asked for.</summary>
    [AlwaysInterleave, Alias("GetTicket")]
    Task<ClientTicket?> GetTicket(Guid sessionId);
}
