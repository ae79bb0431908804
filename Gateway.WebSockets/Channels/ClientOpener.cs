using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>Opens clients' channels.</summary>
internal sealed class ClientOpener(ClientTicket ticket, IGrainFactory grains, ISessionPlacement? placement) : IChannelOpener
{
    public Channel Open(Connection connection, in PhoenixFrame join, int joinsBefore)
    {
        var grain = grains.Find<IClientGrain>(ticket.ClientId);
        placement?.ExpectHere(grain);
        return new ClientChannel(connection, join, ticket.AdmittedAt.AddMicroseconds(joinsBefore), ticket, grain);
    }
}
