using System.Buffers;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>One result of <see cref="SocketReader.ReadAsync"/>; release it when done.</summary>
internal readonly struct ReceivedMessage(ReceivedKind kind, byte[]? buffer = null, int length = 0)
{
    internal ReceivedKind Kind => kind;

    internal int Length => length;

    internal ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Gives the buffer back; <see cref="Memory"/> is void afterwards.</summary>
    internal void Release()
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
