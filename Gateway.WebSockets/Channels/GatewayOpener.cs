using Firezone.Grains.Abstractions;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>Opens gateways' channels.</summary>
internal sealed class GatewayOpener(GatewayTicket ticket, IGrainFactory grains) : IChannelOpener
{
    public Channel Open(Connection connection, in PhoenixFrame join, int joinsBefore) => new GatewayChannel(
        connection, join, ticket.AdmittedAt.AddMicroseconds(joinsBefore), ticket, grains.Find<IGatewayGrain>(ticket.GatewayId));
}
