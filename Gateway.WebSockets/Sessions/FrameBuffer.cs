using System.Buffers;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>Collects one outbound frame in a rented array and then hands the array over.</summary>
internal sealed class FrameBuffer(int sizeHint) : IBufferWriter<byte>
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, 64));
    private int _written;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    /// <summary>The frame owns the array from now on; this object must not be used again.</summary>
    internal OutboundFrame Detach() => new(_buffer, _written, pooled: true);

    /// <summary>
    /// A copy that many sockets may send at the same time. Gives the rented array back; this object must not be used again.
    /// </summary>
    internal OutboundFrame DetachShared()
    {
        var copy = _buffer.AsSpan(0, _written).ToArray();
        ArrayPool<byte>.Shared.Return(_buffer);
        return new OutboundFrame(copy, copy.Length, pooled: false);
    }

    private void Reserve(int sizeHint)
    {
        if (_buffer.Length - _written >= Math.Max(sizeHint, 1))
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _written + sizeHint));
        _buffer.AsSpan(0, _written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
