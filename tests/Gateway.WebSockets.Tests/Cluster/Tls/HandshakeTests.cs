using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firezone.Shared.Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Cluster.Tls;

/// <summary>Two processes, or a process and a stranger, on real sockets.</summary>
public sealed class HandshakeTests : IDisposable
{
    private static readonly byte[] Secret = "said to members of the cluster only"u8.ToArray();

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("Other authority");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
    private readonly List<Side> _sides = [];
    private int _served;

    public HandshakeTests() => _listener.Start();

    [Fact]
    public async Task Peers_with_certificates_of_the_cluster_exchange_what_they_like()
    {
        var (accepting, dialling) = (Add(_authority.Issue()), Add(_authority.Issue(server: false)));
        var sent = RandomNumberGenerator.GetBytes(3_000_000);
        var received = new MemoryStream();
        var accepted = AcceptAsync(accepting, async connection =>
        {
            await connection.Transport.Input.CopyToAsync(connection.Transport.Output);
        });
        await DialAsync(dialling, async connection =>
        {
            var sending = connection.Transport.Output.WriteAsync(sent).AsTask();
            while (received.Length < sent.Length)
            {
                var read = await connection.Transport.Input.ReadAsync();
                foreach (var segment in read.Buffer)
                    received.Write(segment.Span);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
            }

            await sending;
        });
        await accepted;
        Assert.Equal(sent, received.ToArray());
        Assert.Equal((1, 1), (accepting.Completed, dialling.Completed));
        Assert.Empty(accepting.Refusals.Concat(dialling.Refusals));
    }

    [Fact]
    public async Task A_chain_is_sent_along_in_both_directions()
    {
        using var below = _authority.Below("Issuer");
        var (accepting, dialling) = (Add(below.Issue()), Add(below.Issue()));
        var accepted = AcceptAsync(accepting, SayAsync);
        await DialAsync(dialling, _ => Task.CompletedTask);
        await accepted;
        Assert.Equal((1, 1), (accepting.Completed, dialling.Completed));
    }

    public static TheoryData<string, string> Impostors => new()
    {
        { "authority", "untrusted" }, { "name", "wrong_name" }, { "expired", "expired" }, { "usage", "wrong_usage" },
    };

    [Theory]
    [MemberData(nameof(Impostors))]
    public async Task Who_dials_without_a_certificate_of_the_cluster_reads_no_byte_and_is_told(string what, string reason)
    {
        var (accepting, dialling) = (Add(_authority.Issue()), Impostor(what, server: true));
        var accepted = AcceptAsync(accepting, SayAsync);
        var error = await Assert.ThrowsAsync<AuthenticationException>(() => DialAsync(dialling, _ => throw new InvalidOperationException("Let in.")));
        await accepted;
        Assert.Equal(0, _served);
        Assert.Equal([$"accepting {reason}"], accepting.Refusals);
        Assert.Equal(["dialling by_peer"], dialling.Refusals);
        Assert.Contains("does not accept the certificate of this process", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", Assert.Single(accepting.Log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Impostors))]
    public async Task Who_answers_without_a_certificate_of_the_cluster_is_told_nothing(string what, string reason)
    {
        var (accepting, dialling) = (Impostor(what, server: false), Add(_authority.Issue()));
        var heard = 0;
        // The one that is refused may take itself for let in: it has seen a certificate that it accepts.
        var accepted = AcceptAsync(accepting, async connection => heard = await ReadAllAsync(connection.Transport.Input.AsStream()));
        await Assert.ThrowsAsync<AuthenticationException>(() => DialAsync(dialling, SayAsync));
        await accepted;
        Assert.Equal((0, 0), (heard, _served));
        Assert.Equal([$"dialling {reason}"], dialling.Refusals);
    }

    [Fact]
    public async Task Who_shows_no_certificate_reads_no_byte()
    {
        var accepting = Add(_authority.Issue());
        var accepted = AcceptAsync(accepting, SayAsync);
        Assert.Equal(0, await StrangerAsync(new SslClientAuthenticationOptions { TargetHost = "firezone" }));
        await accepted;
        Assert.Equal((0, "accepting no_certificate"), (_served, Assert.Single(accepting.Refusals)));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_stranger_that_trusts_everybody_reads_no_byte_with_a_certificate_of_another_authority(SslProtocols protocol)
    {
        var accepting = Add(_authority.Issue());
        var accepted = AcceptAsync(accepting, SayAsync);
        using var certificate = _other.Issue().Load();
        Assert.Equal(0, await StrangerAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "firezone",
            EnabledSslProtocols = protocol,
            ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        }));
        await accepted;
        Assert.Equal((0, "accepting untrusted"), (_served, Assert.Single(accepting.Refusals)));
    }

    [Fact]
    public async Task Who_does_not_speak_TLS_reads_no_byte()
    {
        var accepting = Add(_authority.Issue());
        var accepted = AcceptAsync(accepting, SayAsync);
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(Secret);
        Assert.Equal(0, await ReadAllAsync(client.GetStream()));
        await accepted;
        Assert.Equal((0, "accepting plaintext"), (_served, Assert.Single(accepting.Refusals)));
    }

    [Fact]
    public async Task Who_connects_and_leaves_without_a_word_is_not_refused()
    {
        var accepting = Add(_authority.Issue());
        var accepted = AcceptAsync(accepting, SayAsync);
        (await ConnectAsync()).Dispose();
        await accepted;
        Assert.Equal(0, _served);
        Assert.Empty(accepting.Refusals);
        Assert.Empty(accepting.Log.Lines);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_takes_too_long_is_turned_away(int bytes)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var accepting = Add(_authority.Issue(), time: time);
        var accepted = AcceptAsync(accepting, SayAsync);
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(new byte[] { 0x16 }.AsMemory(0, bytes));
        while (!accepted.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await accepted;
        Assert.Equal((0, "accepting timeout"), (_served, Assert.Single(accepting.Refusals)));
    }

    [Fact]
    public async Task No_more_than_a_bounded_number_of_handshakes_are_under_way()
    {
        var accepting = Add(_authority.Issue(), maxHandshakes: 1);
        var first = AcceptAsync(accepting, SayAsync);
        using var silent = await ConnectAsync();
        // The first has its place as soon as it is taken in hand; it is the first to have come.
        await TakenAsync();
        var second = AcceptAsync(accepting, SayAsync);
        using var client = await ConnectAsync();
        await second;
        Assert.Equal("accepting busy", Assert.Single(accepting.Refusals));

        silent.Dispose();
        await first;
        var third = AcceptAsync(accepting, SayAsync);
        await DialAsync(Add(_authority.Issue()), _ => Task.CompletedTask);
        await third;
        Assert.Equal(1, _served);
    }

    [Fact]
    public async Task Both_authorities_are_trusted_while_the_cluster_moves_from_one_to_the_other()
    {
        var (accepting, dialling) = (Add(_authority.Issue()), Add(_authority.Issue()));
        async Task MeetAsync()
        {
            var accepted = AcceptAsync(accepting, SayAsync);
            await DialAsync(dialling, _ => Task.CompletedTask);
            await accepted;
        }

        await MeetAsync();
        accepting.Put(_authority.Issue(), _authority.Pem + _other.Pem);
        await MeetAsync();
        dialling.Put(_authority.Issue(), _authority.Pem + _other.Pem);
        await MeetAsync();
        dialling.Put(_other.Issue(), _authority.Pem + _other.Pem);
        await MeetAsync();
        accepting.Put(_other.Issue(), _authority.Pem + _other.Pem);
        await MeetAsync();
        accepting.Put(_other.Issue(), _other.Pem);
        await MeetAsync();
        dialling.Put(_other.Issue(), _other.Pem);
        await MeetAsync();
        Assert.Equal(7, _served);
    }

    [Fact]
    public async Task A_connection_outlives_its_certificates_and_a_new_one_is_refused()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (accepting, dialling) = (Add(_authority.Issue(), time), Add(_authority.Issue(), time));
        var accepted = AcceptAsync(accepting, connection => connection.Transport.Input.CopyToAsync(connection.Transport.Output));
        await DialAsync(dialling, async connection =>
        {
            await EchoAsync(connection);
            time.Advance(TimeSpan.FromDays(2));
            await EchoAsync(connection);
            var refused = AcceptAsync(accepting, _ => Task.CompletedTask);
            await Assert.ThrowsAsync<AuthenticationException>(() => DialAsync(dialling, SayAsync));
            await refused;
        });
        await accepted;
        Assert.Equal("dialling expired", Assert.Single(dialling.Refusals));
        Assert.Equal(0, _served);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _sides.ForEach(side => side.Dispose());
        _connections.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    private readonly SemaphoreSlim _taken = new(0);

    private Task TakenAsync() => _taken.WaitAsync();

    private Side Add(TestCertificate certificate, TimeProvider? time = null, int maxHandshakes = 10)
    {
        _sides.Add(new Side(certificate, _authority.Pem, time: time, maxHandshakes: maxHandshakes));
        return _sides[^1];
    }

    /// <summary>A process that takes others for good and shows something that they must not.</summary>
    private Side Impostor(string what, bool server)
    {
        var now = TimeProvider.System.GetUtcNow();
        _sides.Add(what switch
        {
            "authority" => new Side(_other.Issue(), _authority.Pem + _other.Pem),
            "name" => new Side(_authority.Issue("other"), _authority.Pem, ownName: "other"),
            "usage" => new Side(_authority.Issue(server: server, client: !server), _authority.Pem),
            _ => new Side(
                _authority.Issue(from: now.AddDays(-9), to: now.AddDays(-2)), _authority.Pem, loadedAt: new FakeTimeProvider(now.AddDays(-3))),
        });
        return _sides[^1];
    }

    private async Task SayAsync(ConnectionContext connection)
    {
        Interlocked.Increment(ref _served);
        await connection.Transport.Output.WriteAsync(Secret);
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        await connection.Transport.Output.WriteAsync(Secret);
        var read = await connection.Transport.Input.ReadAtLeastAsync(Secret.Length);
        Assert.Equal(Secret, read.Buffer.ToArray());
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
    }

    private async Task AcceptAsync(Side side, Func<ConnectionContext, Task> serve)
    {
        await using var connection = _connections.Create(await _listener.AcceptSocketAsync());
        var serving = side.Tls.Accept(new ConnectionDelegate(serve))(connection);
        _taken.Release();
        await serving;
        await connection.Transport.Output.CompleteAsync();
    }

    private async Task DialAsync(Side side, Func<ConnectionContext, Task> serve)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_listener.LocalEndpoint);
        await using var connection = _connections.Create(socket);
        await side.Tls.Dial(new ConnectionDelegate(serve))(connection);
        await connection.Transport.Output.CompleteAsync();
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint);
        return client;
    }

    /// <summary>A program that trusts everybody; how many bytes it could read.</summary>
    private async Task<int> StrangerAsync(SslClientAuthenticationOptions options)
    {
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        using var client = await ConnectAsync();
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(options);
            await stream.WriteAsync(Secret);
            return await ReadAllAsync(stream);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private static async Task<int> ReadAllAsync(Stream stream)
    {
        var (buffer, all) = (new byte[4096], 0);
        try
        {
            while (await stream.ReadAsync(buffer) is var read and > 0)
                all += read;
        }
        catch (IOException)
        {
            // Reset instead of closed.
        }

        return all;
    }
}
