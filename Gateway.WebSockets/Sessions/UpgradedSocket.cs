using System.Net.WebSockets;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>An upgraded connection.</summary>
/// <param name="socket">Its framing.</param>
/// <param name="stream">Its bytes.</param>
/// <param name="abort">Ends the connection at once; what waits to be sent is lost, and a pending read fails.</param>
internal sealed class UpgradedSocket(WebSocket socket, PeerStream stream, Action abort)
{
    internal WebSocket Socket => socket;

    internal PeerStream Stream => stream;

    internal void Abort() => abort();
}
