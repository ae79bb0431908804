using System.Net.WebSockets;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>An upgraded connection.</summary>
/// <param name="socket">Its framing.</param>
/// <param name="stream">Its bytes.</param>
/// <param name="abort">Ends the connection at once; what waits to be sent is lost, and a pending read fails.</param>
internal sealed class UpgradedSocket(WebSocket socket, PeerStream stream, Action abort)
{
    private readonly Lock _gate = new();
    private bool _released;

    internal WebSocket Socket => socket;

    internal PeerStream Stream => stream;

    /// <summary>Safe to call at any time, also when the connection has ended long ago.</summary>
    internal void Abort()
    {
        lock (_gate)
        {
            if (!_released)
                abort();
        }
    }

    /// <summary>The request behind the connection is about to end, after which it must not be touched.</summary>
    internal void Release()
    {
        lock (_gate)
            _released = true;
        socket.Dispose();
    }
}
