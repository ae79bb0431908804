using Firezone.Grains.Abstractions;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>Opens clients' channels.</summary>
internal sealed class ClientOpener(ClientTicket ticket, IGrainFactory grains) : IChannelOpener
{
    public Channel Open(Connection connection, in PhoenixFrame join, int joinsBefore) => new ClientChannel(
        connection, join, ticket.AdmittedAt.AddMicroseconds(joinsBefore), ticket, grains.Find<IClientGrain>(ticket.ClientId));
}
