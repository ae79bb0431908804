using System.Net;
using System.Net.Sockets;

namespace Firezone.Shared;

/// <summary>
/// TCP ports for servers that come and go: below those that the kernel gives to outgoing connections, so that nobody takes one while its
/// server is away, not even who tries to connect to it.
/// </summary>
internal static class ServerPort
{
    private const int First = 30_100;
    private const int Count = 2_600;

    // Test processes side by side begin at different places.
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (Interlocked.Increment(ref _next) & int.MaxValue) % Count;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
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
