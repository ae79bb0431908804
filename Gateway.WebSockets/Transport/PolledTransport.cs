using System.Net;
using System.Net.Sockets;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Upgrades;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// Serves devices' sockets beneath the HTTP server, on Linux: connections reach it only if they do not begin with a device's handshake. It
/// is an ordinary transport to it. Addresses that are not of the internet are left to the transports that the framework has.
/// </summary>
internal sealed class PolledTransport(
    IServiceProvider services,
    PollingLoops loops,
    TimeProvider time,
    FrontEndMetrics metrics,
    IOptions<SocketTransportOptions> sockets,
    IOptions<FrontEndOptions> options,
    ILogger<PolledListener> logger) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket socket;
        try
        {
            socket = sockets.Value.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }

        var listener = new PolledListener(socket, loops, time, metrics, logger);
        var isHealth = options.Value.HealthPort > 0 && (listener.EndPoint as IPEndPoint)?.Port == options.Value.HealthPort;
        ConnectionDelegate first = listener.Leave;
        if (!isHealth)
            first = ActivatorUtilities.CreateInstance<HandshakeMiddleware>(services, first).OnConnectionAsync;
        listener.Start(first, sockets.Value.Backlog);
        return ValueTask.FromResult<IConnectionListener>(listener);
    }
}
