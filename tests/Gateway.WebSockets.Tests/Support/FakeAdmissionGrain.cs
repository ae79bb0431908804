using Firezone.Grains.Abstractions.Admission;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>Admits everyone unless told otherwise, and records what it was asked.</summary>
internal sealed class FakeAdmissionGrain : IAdmissionGrain
{
    internal Calls<ConnectRequest<ClientAttributes>> Clients { get; } = new();

    internal Calls<ConnectRequest<GatewayAttributes>> Gateways { get; } = new();

    internal Calls<ConnectRequest<RelayAttributes>> Relays { get; } = new();

    internal int Count { get; private set; }

    internal Func<ConnectRequest<ClientAttributes>, Task<Admission<ClientTicket>>> OnClient { get; set; } =
        request => Task.FromResult(Default(request, Tickets.Client(request)));

    internal Func<ConnectRequest<GatewayAttributes>, Task<Admission<GatewayTicket>>> OnGateway { get; set; } =
        request => Task.FromResult(Default(request, Tickets.Gateway(request)));

    internal Func<ConnectRequest<RelayAttributes>, Task<Admission<RelayTicket>>> OnRelay { get; set; } =
        request => Task.FromResult(Default(request, Tickets.Relay(request)));

    public Task<Admission<ClientTicket>> AdmitClient(ConnectRequest<ClientAttributes> request)
    {
        Count++;
        Clients.Add(request);
        return OnClient(request);
    }

    public Task<Admission<GatewayTicket>> AdmitGateway(ConnectRequest<GatewayAttributes> request)
    {
        Count++;
        Gateways.Add(request);
        return OnGateway(request);
    }

    public Task<Admission<RelayTicket>> AdmitRelay(ConnectRequest<RelayAttributes> request)
    {
        Count++;
        Relays.Add(request);
        return OnRelay(request);
    }

    private static Admission<TTicket> Default<TAttributes, TTicket>(ConnectRequest<TAttributes> request, TTicket ticket)
        where TAttributes : class
        where TTicket : class
    {
        if (request.Token != Connect.Token)
            return Admission<TTicket>.Refused(Refusal.InvalidToken);
        return request.Attributes is null
            ? Admission<TTicket>.Refused(Refusal.InvalidConnectParams, request.InvalidAttributes)
            : Admission<TTicket>.Admitted(ticket);
    }
}
