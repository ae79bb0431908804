using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>A relay's channel. After the join a relay sends nothing but heartbeats.</summary>
internal sealed class RelayChannel(
    Connection connection, in PhoenixFrame join, DateTimeOffset openedAt, RelayTicket ticket, string stampSecret, IRelayGrain grain)
    : Channel(connection, join, openedAt)
{
    internal override Task DetachAsync() => grain.Detach(SessionId);

    internal override void Handle(in PhoenixFrame frame) => ReplyUnknown(frame);

    private protected override Task<AttachResult> AttachAsync(SessionRef session, Resume? resume) =>
        grain.Attach(session, ticket, new StampSecret(stampSecret), resume);
}
