using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Shared;

/// <summary>
/// A TCP proxy in front of a server, to break the way to it: reset what is open, refuse what is new, or let the other end vanish while the
/// sockets stay open. Can be told to keep a PostgreSQL server's notifications back.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly ConcurrentDictionary<Socket, byte> _dead = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private readonly TaskCompletionSource _swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _passing = Passing();
    private volatile bool _refuse;
    private int _notifications;
    private long _delay;

    /// <summary>Starts to listen.</summary>
    /// <param name="targetPort">The server's port on 127.0.0.1.</param>
    public FaultProxy(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect instead, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>New connections are reset right after they were accepted.</summary>
    public bool Refuse
    {
        get => _refuse;
        set => _refuse = value;
    }

    /// <summary>
    /// The server is PostgreSQL, spoken to without encryption, and its notifications disappear; everything else passes. To be set before
    /// anything connects.
    /// </summary>
    public bool SwallowsNotifications { get; init; }

    /// <summary>How many notifications have disappeared.</summary>
    public int SwallowedNotifications => Volatile.Read(ref _notifications);

    /// <summary>Completes when something has disappeared, see <see cref="SilenceAll"/>.</summary>
    public Task Swallowed => _swallowed.Task;

    /// <summary>
    /// Whatever is sent from now on over the connections that are open disappears, and they stay open: their other end seems to have
    /// vanished without a word. New connections work.
    /// </summary>
    public void SilenceAll()
    {
        foreach (var socket in _open.Keys)
            _dead.TryAdd(socket, 0);
    }

    /// <summary>Everything is held back for so long before it passes, in both directions: the server, or the way to it, is slow.</summary>
    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref _delay));
        set => Volatile.Write(ref _delay, value.Ticks);
    }

    /// <summary>Nothing passes any more in either direction until <see cref="Resume"/>: the server seems to stand still.</summary>
    public void Pause() => _passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What has come meanwhile passes, and everything after it.</summary>
    public void Resume() => _passing.TrySetResult();

    /// <summary>Resets every open connection.</summary>
    public void CutAll()
    {
        foreach (var socket in _open.Keys)
            Reset(socket);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket near;
            try
            {
                near = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            if (_refuse)
                Reset(near);
            else
                _ = ForwardAsync(near);
        }
    }

    private async Task ForwardAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        _open.TryAdd(near, 0);
        _open.TryAdd(far, 0);
        try
        {
            await far.ConnectAsync(_target, _stop.Token);
            await Task.WhenAny(PumpAsync(near, far, null), PumpAsync(far, near, SwallowsNotifications ? new NotificationFilter() : null));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of this connection.
        }
        Reset(near);
        Reset(far);
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource();
        passing.SetResult();
        return passing;
    }

    private async Task PumpAsync(Socket from, Socket to, NotificationFilter? filter)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
            {
                await _passing.Task.WaitAsync(_stop.Token);
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, TimeProvider.System, _stop.Token);
                if (_dead.ContainsKey(from))
                {
                    _swallowed.TrySetResult();
                    continue;
                }

                var kept = read;
                if (filter is not null)
                {
                    kept = filter.Apply(buffer.AsSpan(0, read), out var notifications);
                    Interlocked.Add(ref _notifications, notifications);
                }

                await to.SendAsync(buffer.AsMemory(0, kept), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of this connection.
        }
    }

    private void Reset(Socket socket)
    {
        _open.TryRemove(socket, out _);
        _dead.TryRemove(socket, out _);
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
