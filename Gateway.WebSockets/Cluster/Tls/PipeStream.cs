using System.Buffers;
using System.IO.Pipelines;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>A connection's two pipes as the stream that TLS needs. It does not own them.</summary>
internal sealed class PipeStream(IDuplexPipe pipes) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await pipes.Input.ReadAsync(cancellationToken);
        var read = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        var count = (int)read.Length;
        read.CopyTo(buffer.Span);
        pipes.Input.AdvanceTo(read.End);
        // Whoever closes the connection from this side cancels the read.
        return result.IsCanceled && count == 0 ? throw new IOException("The connection is closed.") : count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((await pipes.Output.WriteAsync(buffer, cancellationToken)).IsCompleted)
            throw new IOException("The connection is closed.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Every write is flushed.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
