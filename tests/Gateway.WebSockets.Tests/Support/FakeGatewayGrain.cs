using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Tests.Support;

internal sealed class FakeGatewayGrain : FakeDevice, IGatewayGrain
{
    internal Calls<(Guid[] Peers, string[] Candidates, bool Invalidate)> Ice { get; } = new();

    internal Func<string, Task<bool>> OnAuthorized { get; set; } = flowRef => Task.FromResult(flowRef == "known");

    internal Calls<string> Payloads { get; } = new();

    public Task<AttachResult> Attach(SessionRef session, GatewayTicket ticket, Resume? resume) => AttachAsync(session, resume);

    public Task<FlowFailure?> AuthorizeFlow(FlowRequest request) => Task.FromResult<FlowFailure?>(null);

    public Task<bool> FlowAuthorized(Guid sessionId, string flowRef) => OnAuthorized(flowRef);

    public Task<bool> ConnectionReady(Guid sessionId, string flowRef, byte[] gatewayPayload)
    {
        Payloads.Add(System.Text.Encoding.UTF8.GetString(gatewayPayload));
        return OnAuthorized(flowRef);
    }

    public Task SendIceCandidates(Guid sessionId, Guid[] clientIds, string[] candidates, bool invalidate)
    {
        Ice.Add((clientIds, candidates, invalidate));
        return Task.CompletedTask;
    }

    public Task ReceiveIceCandidates(Guid accountId, Guid clientId, string[] candidates, bool invalidate) => Task.CompletedTask;
}
