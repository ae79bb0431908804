using Microsoft.Win32.SafeHandles;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>Owns the descriptor of a connection: it is closed when nobody uses it any more, so that no call can meet its next owner.</summary>
internal sealed class SocketHandle : SafeHandleMinusOneIsInvalid
{
    internal SocketHandle(int descriptor)
        : base(ownsHandle: true)
    {
        Descriptor = descriptor;
        SetHandle(descriptor);
    }

    /// <summary>The number alone, to find things by. It may already be another socket's.</summary>
    internal int Descriptor { get; }

    protected override bool ReleaseHandle() => LinuxCalls.close((int)handle) == 0;
}
