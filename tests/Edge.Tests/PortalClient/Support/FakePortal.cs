using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Firezone.Edge.PortalClient.Addressing;

namespace Firezone.Edge.Tests.PortalClient.Support;

/// <summary>A portal on a loopback port that does exactly what a test tells it to, one upgrade request at a time.</summary>
internal sealed class FakePortal : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<UpgradeRequest> _requests = Channel.CreateUnbounded<UpgradeRequest>();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;

    public FakePortal()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public PortalAddress Address => PortalAddress.Parse($"ws://127.0.0.1:{Port}");

    /// <summary>The next request whose header has arrived, answered or not by the test.</summary>
    public async Task<UpgradeRequest> RequestAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public bool HasRequest => _requests.Reader.TryPeek(out _);

    public async Task<FakeSocket> AcceptedAsync() => await (await RequestAsync()).AcceptAsync();

    /// <summary>Accepts the next request and its join.</summary>
    public async Task<FakeSocket> JoinedAsync()
    {
        var socket = await AcceptedAsync();
        await socket.AnswerJoinAsync();
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        lock (_clients)
            _clients.ForEach(client => client.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                lock (_clients)
                    _clients.Add(client);
                _ = ReadAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The listener was stopped during a wait, or between two.
        }
    }

    private async Task ReadAsync(TcpClient client)
    {
        try
        {
            _requests.Writer.TryWrite(await UpgradeRequest.ReadAsync(client));
        }
        catch (IOException)
        {
            client.Dispose();
        }
    }
}
