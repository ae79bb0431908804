using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Membership.Postgres.Tests.Signals;

/// <summary>
/// A pooler in transaction mode as LISTEN sees it: everything passes but notifications. Connect without encryption, so that the server's
/// stream consists of framed messages from its start.
/// </summary>
internal sealed class SwallowingPooler : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly bool _passWhileBusy;
    private readonly Task _accepting;

    /// <param name="target">The server's port on 127.0.0.1.</param>
    /// <param name="passWhileBusy">Lets notifications pass during a statement of the same client, as PgBouncer does.</param>
    public SwallowingPooler(int target, bool passWhileBusy)
    {
        _target = target;
        _passWhileBusy = passWhileBusy;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The end.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var busy = new StrongBox<bool>(true);
            await Task.WhenAny(UpAsync(client.GetStream(), server.GetStream(), busy), DownAsync(server.GetStream(), client.GetStream(), busy));
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, StrongBox<bool> busy)
    {
        var buffer = new byte[8192];
        while (await from.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            Volatile.Write(ref busy.Value, true);
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, StrongBox<bool> busy)
    {
        var head = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(head, _stop.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body, _stop.Token);
            if (head[0] == 'Z')
                Volatile.Write(ref busy.Value, false);
            if (head[0] != 'A' || (_passWhileBusy && Volatile.Read(ref busy.Value)))
                await to.WriteAsync((byte[])[.. head, .. body], _stop.Token);
        }
    }

    private sealed class StrongBox<T>(T value)
    {
        public T Value = value;
    }
}
