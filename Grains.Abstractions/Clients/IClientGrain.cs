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
    [Alias("CreateFlow")]
    Task CreateFlow(Guid sessionId, Guid resourceId, Guid[] connectedGatewayIds);

    /// <summary><c>broadcast_ice_candidates</c> and, with <paramref name="invalidate"/>, <c>broadcast_invalidated_ice_candidates</c>.</summary>
    [Alias("SendIceCandidates")]
    Task SendIceCandidates(Guid sessionId, Guid[] gatewayIds, string[] candidates, bool invalidate);

    /// <summary>Deprecated <c>prepare_connection</c>.</summary>
    [Alias("PrepareConnection")]
    Task<RequestReply> PrepareConnection(Guid sessionId, Guid resourceId, Guid[] connectedGatewayIds);

    /// <summary>
    /// Deprecated <c>reuse_connection</c> (with <see cref="LegacyConnection.PresharedKey"/> null) and <c>request_connection</c>.
    /// Null means: answered later through <see cref="FrontEnds.IFrontEndObserver.Reply"/>.
    /// </summary>
    [Alias("RequestConnection")]
    Task<RequestReply?> RequestConnection(Guid sessionId, string requestRef, LegacyConnection request);

    /// <summary>A gateway relays candidates; dropped unless it belongs to the client's account.</summary>
    [OneWay, Alias("ReceiveIceCandidates")]
    Task ReceiveIceCandidates(Guid accountId, Guid gatewayId, string[] candidates, bool invalidate);

    /// <summary>A gateway has installed a flow whose authorization is durable.</summary>
    [OneWay, Alias("FlowAuthorized")]
    Task FlowAuthorized(GrantedFlow flow);

    /// <summary>A flow that was on its way could not be granted.</summary>
    [OneWay, Alias("FlowFailed")]
    Task FlowFailed(Guid sessionId, Guid resourceId, FlowFailure reason);

    /// <summary>A gateway older than 1.4 has answered a deprecated connection request.</summary>
    [OneWay, Alias("ConnectionReady")]
    Task ConnectionReady(Guid sessionId, string requestRef, Guid resourceId, string gatewayPublicKey, byte[] gatewayPayload);
}
