using System.Net;
using System.Net.Sockets;

namespace Firezone.Membership.Node.Driving;

/// <summary>Free TCP ports below those that the kernel gives to outgoing connections, so that nobody takes one in the meantime.</summary>
public static class Ports
{
    private const int First = 12_000;
    private const int Count = 18_000;

    // Test processes side by side begin at different places.
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (Interlocked.Increment(ref _next) & int.MaxValue) % Count;
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port) { ExclusiveAddressUse = true };
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use.
            }
        }

        throw new InvalidOperationException("No TCP port is free.");
    }
}
