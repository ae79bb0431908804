using System.Buffers;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>Collects one outbound frame in a rented array and then hands the array over.</summary>
internal sealed class FrameBuffer(int sizeHint) : IBufferWriter<byte>
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, 64));
    private int written;

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(written);
    }

    /// <summary>The frame owns the array from now on; this object must not be used again.</summary>
    internal OutboundFrame Detach() => new(buffer, written, pooled: true);

    /// <summary>
    /// A copy that many sockets may send at the same time. Gives the rented array back; this object must not be used again.
    /// </summary>
    internal OutboundFrame DetachShared()
    {
        var copy = buffer.AsSpan(0, written).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return new OutboundFrame(copy, copy.Length, pooled: false);
    }

    private void Reserve(int sizeHint)
    {
        if (buffer.Length - written >= Math.Max(sizeHint, 1))
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, written + sizeHint));
        buffer.AsSpan(0, written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
