using System.IO.Pipelines;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>A connection after its opening handshake.</summary>
/// <param name="input">What the peer sends.</param>
/// <param name="output">What it is sent.</param>
/// <param name="abort">Ends the connection at once; what waits to be sent is lost, and a pending read fails.</param>
internal sealed class UpgradedSocket(PipeReader input, PipeWriter output, Action abort)
{
    private readonly Lock _gate = new();
    private bool _released;

    internal PipeReader Input => input;

    internal PipeWriter Output => output;

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
    }
}
