using System.IO.Pipelines;
using System.Net.Security;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>What Orleans reads and writes: the plain side of a TLS stream.</summary>
internal sealed class TlsTransport(SslStream stream) : IDuplexPipe
{
    // As much as a TLS record holds at most.
    private const int Record = 16 * 1024;

    public PipeReader Input { get; } = PipeReader.Create(
        stream, new StreamPipeReaderOptions(bufferSize: Record, minimumReadSize: 2048, leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: Record, leaveOpen: true));

    /// <summary>Sends what is left, if the peer is still there.</summary>
    internal async ValueTask CompleteAsync()
    {
        try
        {
            await Output.CompleteAsync();
            await Input.CompleteAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // It is not.
        }
    }
}
