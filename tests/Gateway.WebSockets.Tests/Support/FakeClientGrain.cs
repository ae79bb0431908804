using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Tests.Support;

internal sealed class FakeClientGrain : FakeDevice, IClientGrain
{
    internal Calls<(Guid Session, Guid Resource, Guid[] Gateways)> Flows { get; } = new();

    internal Calls<(Guid[] Peers, string[] Candidates, bool Invalidate)> Ice { get; } = new();

    internal Calls<(string Ref, LegacyConnection Request)> Requests { get; } = new();

    internal Func<Task> OnCreateFlow { get; set; } = () => Task.CompletedTask;

    internal Func<Task<RequestReply>> OnPrepare { get; set; } = () => Task.FromResult(new RequestReply(true, "{}"u8.ToArray()));

    internal Func<Task<RequestReply?>> OnRequest { get; set; } = () => Task.FromResult<RequestReply?>(null);

    public Task<AttachResult> Attach(SessionRef session, ClientTicket ticket, Resume? resume) => AttachAsync(session, resume);

    public Task CreateFlow(Guid sessionId, Guid resourceId, Guid[] connectedGatewayIds)
    {
        Flows.Add((sessionId, resourceId, connectedGatewayIds));
        return OnCreateFlow();
    }

    public Task SendIceCandidates(Guid sessionId, Guid[] gatewayIds, string[] candidates, bool invalidate)
    {
        Ice.Add((gatewayIds, candidates, invalidate));
        return Task.CompletedTask;
    }

    public Task<RequestReply> PrepareConnection(Guid sessionId, Guid resourceId, Guid[] connectedGatewayIds) => OnPrepare();

    public Task<RequestReply?> RequestConnection(Guid sessionId, string requestRef, LegacyConnection request)
    {
        Requests.Add((requestRef, request));
        return OnRequest();
    }

    public Task ReceiveIceCandidates(Guid accountId, Guid gatewayId, string[] candidates, bool invalidate) => Task.CompletedTask;

    public Task FlowAuthorized(GrantedFlow flow) => Task.CompletedTask;

    public Task FlowFailed(Guid sessionId, Guid resourceId, FlowFailure reason, string? requestRef) => Task.CompletedTask;

    public Task ConnectionReady(Guid sessionId, string requestRef, Guid resourceId, string gatewayPublicKey, byte[] gatewayPayload) =>
        Task.CompletedTask;

    public Task<ClientTicket?> GetTicket(Guid sessionId) => Task.FromResult<ClientTicket?>(null);
}
