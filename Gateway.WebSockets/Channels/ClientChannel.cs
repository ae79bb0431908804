using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Client;
using Firezone.Wire.Errors;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>A client's channel.</summary>
internal sealed class ClientChannel(
    Connection connection, in PhoenixFrame join, DateTimeOffset openedAt, ClientTicket ticket, IClientGrain grain)
    : Channel(connection, join, openedAt)
{
    private static readonly RequestReply NotFound = Error(FlowFailureReasons.NotFound);
    private static readonly RequestReply Offline = Error(FlowFailureReasons.Offline);

    /// <summary>
    /// While silos leave, an answer that takes longer than nearly any does is taken for lost. The device asks again as long as it has traffic.
    /// </summary>
    private static readonly TimeSpan PatienceInMotion = TimeSpan.FromSeconds(0.75);

    // Null until the first request for a flow.
    private volatile OpenFlows? _flows;

    internal override Task DetachAsync() => grain.Detach(SessionId);

    internal override void Handle(in PhoenixFrame frame)
    {
        switch (frame.Event)
        {
            case Events.CreateFlow when CreateFlow.TryParse(frame.Payload, out var message):
                Flow(message);
                break;
            case Events.BroadcastIceCandidates when IceCandidates.TryParse(frame.Payload, out var message):
                Ice(message, invalidate: false);
                break;
            case Events.BroadcastInvalidatedIceCandidates when IceCandidates.TryParse(frame.Payload, out var message):
                Ice(message, invalidate: true);
                break;
            case Events.PrepareConnection when PrepareConnection.TryParse(frame.Payload, out var message):
                Prepare(frame, message);
                break;
            case Events.ReuseConnection when ReuseConnection.TryParse(frame.Payload, out var message):
                Request(FlowRequestKind.ReuseConnection, frame, message.GatewayId, message.ResourceId, message.Payload, presharedKey: null);
                break;
            case Events.RequestConnection when RequestConnection.TryParse(frame.Payload, out var message):
                Request(
                    FlowRequestKind.RequestConnection, frame, message.GatewayId, message.ResourceId, message.ClientPayload, message.PresharedKey);
                break;
            case Events.NoRelays or Events.SetSnownetCapabilities:
                // Sent by later peers, which expect no answer.
                break;
            default:
                ReplyUnknown(frame);
                break;
        }
    }

    internal override void Sweep()
    {
        if (_flows is not { } flows)
            return;
        if (!Services.Motion.IsSettled)
        {
            foreach (var flow in flows.WaitingFor(PatienceInMotion))
                Refuse(flow);
        }

        flows.Sweep();
    }

    internal override void End(bool phxClose)
    {
        base.End(phxClose);
        _flows?.Abandon();
    }

    private protected override (int Count, TimeSpan? Oldest) CountOpenFlows() => _flows?.Count() ?? default;

    private protected override void Pushed(string eventName, ReadOnlySpan<byte> payload)
    {
        if (_flows is { } flows && eventName is Events.FlowCreated or Events.FlowCreationFailed)
            flows.Answered(granted: eventName == Events.FlowCreated, payload);
    }

    private protected override void Replied(ReadOnlySpan<byte> requestRef, bool ok, ReadOnlySpan<byte> response) =>
        _flows?.Answered(requestRef, ok, response);

    private protected override Task<AttachResult> AttachAsync(SessionRef session, Resume? resume) => grain.Attach(session, ticket, resume);

    private void Flow(CreateFlow message)
    {
        if (message.ResourceId is not { } resourceId)
        {
            Push(0, Events.FlowCreationFailed, ClientMessages.FlowCreationFailed(message.ResourceIdText, FlowFailureReasons.NotFound), 0);
            return;
        }

        var flow = Begin(FlowRequestKind.CreateFlow, resourceId, requestRef: null);
        Call(
            () => Ask(nameof(IClientGrain.CreateFlow), client => client.CreateFlow(SessionId, resourceId, message.ConnectedGatewayIds)),
            () =>
            {
                if (flow is null)
                    PushOffline(resourceId);
                else if (_flows!.IsOpen(flow))
                    Refuse(flow);
            });
        OpenFlows.Sent(flow);
    }

    private void Ice(IceCandidates message, bool invalidate)
    {
        if (message.PeerIds.Length > 0)
        {
            Call(() => Ask(
                nameof(IClientGrain.SendIceCandidates),
                client => client.SendIceCandidates(SessionId, message.PeerIds, message.Candidates, invalidate)));
        }
    }

    private void Prepare(in PhoenixFrame frame, PrepareConnection message)
    {
        if (message.ResourceId is { } resourceId)
        {
            CallForReply(
                frame,
                async () => await Ask(
                    nameof(IClientGrain.PrepareConnection),
                    client => client.PrepareConnection(SessionId, resourceId, message.ConnectedGatewayIds)),
                Offline);
        }
        else
        {
            ReplyError(frame, NotFound.Response);
        }
    }

    private void Request(
        FlowRequestKind kind, in PhoenixFrame frame, Guid? gatewayId, Guid? resourceId, ReadOnlyMemory<byte> payload, string? presharedKey)
    {
        if (gatewayId is not { } gateway || resourceId is not { } resource)
        {
            ReplyError(frame, NotFound.Response);
            return;
        }

        var requestRef = Encoding.UTF8.GetString(frame.Ref.Span);
        var request = new LegacyConnection(gateway, resource, payload.ToArray(), presharedKey);
        var flow = Begin(kind, resource, requestRef);
        CallForReply(
            frame,
            () => Ask(nameof(IClientGrain.RequestConnection), client => client.RequestConnection(SessionId, requestRef, request)),
            Offline);
        OpenFlows.Sent(flow);
    }

    /// <summary>Says that nobody can be reached for it. An answer that comes all the same is passed on, and is right.</summary>
    private void Refuse(OpenFlow flow)
    {
        if (flow.Ref is { } requestRef)
            Reply(requestRef, Offline.Ok, Offline.Response);
        else
            PushOffline(flow.ResourceId);
    }

    private void PushOffline(Guid resourceId) =>
        Push(0, Events.FlowCreationFailed, ClientMessages.FlowCreationFailed(resourceId, FlowFailureReasons.Offline), 0);

    private OpenFlow? Begin(FlowRequestKind kind, Guid resourceId, string? requestRef) =>
        (_flows ??= new OpenFlows(Services.Metrics, Services.Time)).Begin(kind, resourceId, requestRef);

    private Task Ask(string method, Func<IClientGrain, Task> call) => Services.Ask(grain, ticket.ClientId, method, call);

    private Task<T> Ask<T>(string method, Func<IClientGrain, Task<T>> call) => Services.Ask(grain, ticket.ClientId, method, call);

    private static RequestReply Error(string reason) => new(false, ErrorResponses.Reason(reason).ToArray());
}
