using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Client;
using Firezone.Wire.Errors;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>A gateway's channel.</summary>
internal sealed class GatewayChannel(
    Connection connection, in PhoenixFrame join, DateTimeOffset openedAt, GatewayTicket ticket, IGatewayGrain grain)
    : Channel(connection, join, openedAt)
{
    private static readonly RequestReply Ok = new(true, ErrorResponses.Empty.ToArray());
    private static readonly RequestReply InvalidRef = new(false, ErrorResponses.InvalidRef.ToArray());

    internal override Task DetachAsync() => grain.Detach(SessionId);

    internal override void Handle(in PhoenixFrame frame)
    {
        switch (frame.Event)
        {
            case Events.FlowAuthorized when FlowAuthorized.TryParse(frame.Payload, out var message):
                Acknowledge(frame, nameof(IGatewayGrain.FlowAuthorized), gateway => gateway.FlowAuthorized(SessionId, message.Ref));
                break;
            case Events.ConnectionReady when ConnectionReady.TryParse(frame.Payload, out var message):
                var payload = message.GatewayPayload.ToArray();
                Acknowledge(frame, nameof(IGatewayGrain.ConnectionReady), gateway => gateway.ConnectionReady(SessionId, message.Ref, payload));
                break;
            case Events.BroadcastIceCandidates when IceCandidates.TryParse(frame.Payload, out var message):
                Ice(message, invalidate: false);
                break;
            case Events.BroadcastInvalidatedIceCandidates when IceCandidates.TryParse(frame.Payload, out var message):
                Ice(message, invalidate: true);
                break;
            case Events.NoRelays or Events.SetSnownetCapabilities:
                // Sent by later peers, which expect no answer.
                break;
            default:
                ReplyUnknown(frame);
                break;
        }
    }

    private protected override Task<AttachResult> AttachAsync(SessionRef session, Resume? resume) => grain.Attach(session, ticket, resume);

    private void Ice(IceCandidates message, bool invalidate)
    {
        if (message.PeerIds.Length > 0)
            Call(() => Services.Ask(
                grain,
                ticket.GatewayId,
                nameof(IGatewayGrain.SendIceCandidates),
                gateway => gateway.SendIceCandidates(SessionId, message.PeerIds, message.Candidates, invalidate)));
    }

    private void Acknowledge(in PhoenixFrame frame, string method, Func<IGatewayGrain, Task<bool>> call) =>
        CallForReply(frame, async () => await Services.Ask(grain, ticket.GatewayId, method, call) ? Ok : InvalidRef, InvalidRef);
}
