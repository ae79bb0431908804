using System.Net;
using System.Net.Sockets;

namespace Firezone.Operations.Tests.Support;

internal static class NodeAddresses
{
    /// <summary>A TCP port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
