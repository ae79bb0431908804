using System.Net;
using System.Net.Sockets;

namespace Firezone.Edge.PortalClient.Transport;

/// <summary>
/// Opens TCP connections to all addresses of a host at once and keeps the first, so that an unroutable address costs nothing.
/// </summary>
internal static class RacingConnector
{
    /// <exception cref="SocketException">No address, or all of them failed; the error is that of the last one.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, IPAddress? source, CancellationToken ct)
    {
        var addresses = (await Dns.GetHostAddressesAsync(target.Host, ct)).Distinct();
        if (source is not null)
            addresses = addresses.Where(address => address.AddressFamily == source.AddressFamily);

        using var race = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var attempts = addresses.Select(address => ConnectOneAsync(new IPEndPoint(address, target.Port), source, race.Token)).ToList();
        Exception? error = null;
        Socket? winner = null;
        await foreach (var attempt in Task.WhenEach(attempts))
        {
            try
            {
                var socket = await attempt;
                if (winner is null)
                {
                    winner = socket;
                    await race.CancelAsync();
                }
                else
                {
                    socket.Dispose();
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                error = e;
            }
        }

        return winner is null
            ? throw error ?? new SocketException((int)SocketError.HostNotFound)
            : new NetworkStream(winner, ownsSocket: true);
    }

    private static async Task<Socket> ConnectOneAsync(IPEndPoint target, IPAddress? source, CancellationToken ct)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (source is not null)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(target, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
