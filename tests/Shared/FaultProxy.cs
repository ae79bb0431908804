using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Shared;

/// <summary>
/// A TCP proxy in front of a server, to break the way to it: reset what is open, refuse what is new, or let the other end vanish while the
/// sockets stay open.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> open = new();
    private readonly ConcurrentDictionary<Socket, byte> dead = new();
    private readonly CancellationTokenSource stop = new();
    private readonly IPEndPoint target;
    private readonly Task accepting;
    private volatile bool refuse;

    /// <summary>Starts to listen.</summary>
    /// <param name="targetPort">The server's port on 127.0.0.1.</param>
    public FaultProxy(int targetPort)
    {
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where to connect instead, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>New connections are reset right after they were accepted.</summary>
    public bool Refuse
    {
        get => refuse;
        set => refuse = value;
    }

    /// <summary>
    /// Whatever is sent from now on over the connections that are open disappears, and they stay open: their other end seems to have
    /// vanished without a word. New connections work.
    /// </summary>
    public void SilenceAll()
    {
        foreach (var socket in open.Keys)
            dead.TryAdd(socket, 0);
    }

    /// <summary>Resets every open connection.</summary>
    public void CutAll()
    {
        foreach (var socket in open.Keys)
            Reset(socket);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        CutAll();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Socket near;
            try
            {
                near = await listener.AcceptSocketAsync(stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            if (refuse)
                Reset(near);
            else
                _ = ForwardAsync(near);
        }
    }

    private async Task ForwardAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        open.TryAdd(near, 0);
        open.TryAdd(far, 0);
        try
        {
            await far.ConnectAsync(target, stop.Token);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of this connection.
        }
        Reset(near);
        Reset(far);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is var read and > 0)
            {
                if (!dead.ContainsKey(from))
                    await to.SendAsync(buffer.AsMemory(0, read), stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of this connection.
        }
    }

    private void Reset(Socket socket)
    {
        open.TryRemove(socket, out _);
        dead.TryRemove(socket, out _);
        try
        {
            socket.LingerState = new LingerOption(true, 0); // a reset, not an orderly end
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
        socket.Dispose();
    }
}
