using System.Buffers;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>One encoded text message. Whoever holds it last calls <see cref="Release"/>, once.</summary>
internal readonly struct OutboundFrame(byte[]? buffer, int length, bool pooled)
{
    internal int Length => length;

    internal ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Gives a pooled buffer back; does nothing to a shared one.</summary>
    internal void Release()
    {
        if (pooled && buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
