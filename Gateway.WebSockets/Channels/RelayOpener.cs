using Firezone.Grains.Abstractions;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Wire.Frames;
using Firezone.Wire.Relay;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>Opens relays' channels; which relay it is follows from the secret in the join.</summary>
internal sealed class RelayOpener(RelayTicket ticket, IGrainFactory grains) : IChannelOpener
{
    public Channel? Open(Connection connection, in PhoenixFrame join, int joinsBefore)
    {
        if (!RelayJoin.TryParse(join.Payload, out var secret))
            return null;

        var grain = grains.Find<IRelayGrain>(RelayIds.FromStampSecret(secret));
        return new RelayChannel(connection, join, ticket.AdmittedAt.AddMicroseconds(joinsBefore), ticket, secret, grain);
    }
}
