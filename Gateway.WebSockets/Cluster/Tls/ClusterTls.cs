using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>
/// Part of the way of every connection to a silo, at both ends: nothing is read from a peer or said to it that has not proved that it belongs
/// to the cluster. Certificates are taken anew for each connection, and no connection is resumed, so that a change of files counts at once.
/// </summary>
internal sealed class ClusterTls(TlsOptions options, ClusterCertificates certificates, TlsMetrics metrics, RefusalLog log, TimeProvider time)
{
    private const byte HandshakeRecord = 0x16;

    // Without it, who dials would be through before its own certificate has been looked at, and never told that it was refused.
    private static readonly byte[] Welcome = [1];

    private int _underWay;

    /// <summary>The way of a connection that came in.</summary>
    internal ConnectionDelegate Accept(ConnectionDelegate next) => async connection =>
    {
        if (await AcceptAsync(connection) is { } stream)
            await ServeAsync(connection, stream, next);
    };

    /// <summary>The way of a connection that this process makes.</summary>
    internal ConnectionDelegate Dial(ConnectionDelegate next) => async connection =>
    {
        var (stream, reason) = await HandshakeAsync(connection, accepting: false, DialAsync);
        if (stream is null)
            throw new AuthenticationException($"No connection to the silo at {connection.RemoteEndPoint}: {reason.Tell(options)}");
        await ServeAsync(connection, stream, next);
    };

    private async Task<SslStream?> AcceptAsync(ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _underWay) <= options.MaxHandshakes)
                return (await HandshakeAsync(connection, accepting: true, AcceptAsync)).Stream;
            Refuse(connection, accepting: true, RefusalReason.Busy);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<(SslStream? Stream, RefusalReason Reason)> HandshakeAsync(
        ConnectionContext connection, bool accepting, Func<ConnectionContext, Attempt, CancellationToken, Task> shake)
    {
        var began = time.GetTimestamp();
        using var late = new CancellationTokenSource(options.HandshakeTimeout, time);
        var attempt = new Attempt(new SslStream(new PipeStream(connection.Transport)));
        try
        {
            await shake(connection, attempt, late.Token);
            if (attempt is { Reason: RefusalReason.None, IsSilent: false })
            {
                metrics.Completed(accepting, time.GetElapsedTime(began));
                return (attempt.Stream, RefusalReason.None);
            }
        }
        catch (Exception)
        {
            // Whatever a stranger's bytes lead to: the reason that is known, or one of these.
            if (attempt.Reason == RefusalReason.None)
                attempt.Reason = late.IsCancellationRequested ? RefusalReason.Timeout : RefusalReason.Broken;
            attempt.IsSilent &= attempt.Reason != RefusalReason.Timeout;
        }

        await attempt.Stream.DisposeAsync();
        if (!attempt.IsSilent)
            Refuse(connection, accepting, attempt.Reason);
        return (null, attempt.Reason);
    }

    private async Task AcceptAsync(ConnectionContext connection, Attempt attempt, CancellationToken late)
    {
        // Who asks whether this silo still lives connects, says nothing and leaves.
        attempt.IsSilent = true;
        var input = connection.Transport.Input;
        var first = await input.ReadAsync(late);
        attempt.IsSilent = first.Buffer.IsEmpty;
        var isTls = !first.Buffer.IsEmpty && first.Buffer.FirstSpan[0] == HandshakeRecord;
        input.AdvanceTo(first.Buffer.Start);
        if (!isTls)
        {
            attempt.Reason = RefusalReason.Plaintext;
            return;
        }

        var own = certificates.Current;
        await attempt.Stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = own.Context,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = PeerPolicy.Create(own.Authority, PeerPolicy.ClientUsage, time.GetUtcNow()),
                RemoteCertificateValidationCallback = (_, certificate, chain, _) => Judge(attempt, certificate, chain),
                AllowRenegotiation = false,
                AllowTlsResume = false,
            },
            late);
        await attempt.Stream.WriteAsync(Welcome, late);
    }

    private async Task DialAsync(ConnectionContext connection, Attempt attempt, CancellationToken late)
    {
        var own = certificates.Current;
        await attempt.Stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = options.PeerName,
                ClientCertificateContext = own.Context,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = PeerPolicy.Create(own.Authority, PeerPolicy.ServerUsage, time.GetUtcNow()),
                RemoteCertificateValidationCallback = (_, certificate, chain, _) => Judge(attempt, certificate, chain),
                AllowRenegotiation = false,
                AllowTlsResume = false,
            },
            late);
        attempt.Reason = RefusalReason.ByPeer;
        if (await attempt.Stream.ReadAsync(new byte[Welcome.Length], late) == Welcome.Length)
            attempt.Reason = RefusalReason.None;
    }

    private bool Judge(Attempt attempt, X509Certificate? certificate, X509Chain? chain)
    {
        attempt.Reason = PeerPolicy.Judge(certificate as X509Certificate2, chain, options.PeerName!);
        return attempt.Reason == RefusalReason.None;
    }

    private void Refuse(ConnectionContext connection, bool accepting, RefusalReason reason)
    {
        metrics.Refused(accepting, reason);
        log.Refused(accepting, connection.RemoteEndPoint, reason);
    }

    private static async Task ServeAsync(ConnectionContext connection, SslStream stream, ConnectionDelegate next)
    {
        var bare = connection.Transport;
        var transport = new TlsTransport(stream);
        connection.Transport = transport;
        try
        {
            await next(connection);
        }
        finally
        {
            await transport.CompleteAsync();
            await stream.DisposeAsync();
            connection.Transport = bare;
        }
    }

    /// <summary>A handshake under way and what is known of its end.</summary>
    private sealed class Attempt(SslStream stream)
    {
        internal SslStream Stream => stream;

        internal RefusalReason Reason { get; set; }

        internal bool IsSilent { get; set; }
    }
}
