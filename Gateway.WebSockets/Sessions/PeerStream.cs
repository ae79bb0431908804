using System.Buffers;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// The byte stream under one WebSocket. Collects small frames while <see cref="Corked"/>, so that a join's answer and what follows leave
/// in one packet; and does not end the connection when the WebSocket gives up on it, so that its close frame still leaves.
/// </summary>
/// <param name="inner">The upgraded connection; its owner ends it.</param>
internal sealed class PeerStream(Stream inner) : Stream
{
    private const int Capacity = 16 * 1024;

    private byte[]? _collected;
    private int _length;
    private volatile bool _corked;

    /// <summary>More frames follow: small ones may wait. To be false again for the last of them.</summary>
    internal bool Corked
    {
        get => _corked;
        set => _corked = value;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    // Writes are not concurrent: the WebSocket takes care of that.
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_length == 0 && !_corked)
            return inner.WriteAsync(buffer, cancellationToken);
        if (_length + buffer.Length > Capacity)
            return WriteCollectedAsync(buffer, cancellationToken);

        _collected ??= ArrayPool<byte>.Shared.Rent(Capacity);
        buffer.CopyTo(_collected.AsMemory(_length));
        _length += buffer.Length;
        return _corked ? ValueTask.CompletedTask : WriteCollectedAsync(default, cancellationToken);
    }

    // The connection sends what is written at once.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WriteCollectedAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        var (buffer, count) = (_collected, _length);
        (_collected, _length) = (null, 0);
        try
        {
            if (count > 0)
                await inner.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            if (rest.Length > 0)
                await inner.WriteAsync(rest, cancellationToken);
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
