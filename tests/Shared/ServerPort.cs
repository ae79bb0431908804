using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Shared;

/// <summary>
/// TCP ports of this machine for servers of tests: below those that the kernel gives to outgoing connections, so that nobody takes one before its
/// server has begun or while it is away, not even who tries to connect to it.
/// </summary>
public static class ServerPort
{
    private const int First = 20_000;
    private const int Count = 12_700;

    // Other test processes choose too: a port is held in UDP, where no server of tests listens, for as long as the process lives.
    private static readonly ConcurrentBag<Socket> Held = [];

    // They begin at different places.
    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>One that nobody has and that nobody else is given.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (Interlocked.Increment(ref _next) & int.MaxValue) % Count;
            var held = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                held.Bind(new IPEndPoint(IPAddress.Loopback, port));
                using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
                listener.Start();
                Held.Add(held);
                return port;
            }
            catch (SocketException)
            {
                // In use.
                held.Dispose();
            }
        }

        throw new InvalidOperationException("No TCP port is free.");
    }
}
