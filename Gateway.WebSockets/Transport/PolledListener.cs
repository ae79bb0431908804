using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Firezone.Gateway.WebSockets.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// Accepts connections on one address. Each is looked at on its loop first; what that leaves is given to the HTTP server.
/// </summary>
internal sealed partial class PolledListener : IConnectionListener, IPolled
{
    // Then those who are connected have their turn.
    private const int MaxTurn = 64;

    // So many descriptors are left to the rest of the process, a quarter of few. The runtime needs one to start a thread, and without it
    // ends the process.
    private const int Reserve = 64;

    private static readonly TimeSpan ExhaustedPause = TimeSpan.FromMilliseconds(100);

    // For connections that have been aborted.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly PollingLoops _loops;
    private readonly PollingLoop _loop;
    private readonly FrontEndMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Channel<ConnectionContext> _left = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Lock _gate = new();
    private readonly ITimer _resume;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionDelegate _first;
    private int _open = 1;
    private bool _isExhausted;
    private bool _isUnbound;
    private bool _isDisposed;

    /// <summary>Call <see cref="Start"/> once there is a first look.</summary>
    /// <param name="socket">Bound; listens from <see cref="Start"/>, and belongs to this.</param>
    /// <param name="loops">Who watch the connections.</param>
    /// <param name="time">For pauses.</param>
    /// <param name="metrics">What goes wrong.</param>
    /// <param name="logger">The same.</param>
    internal PolledListener(Socket socket, PollingLoops loops, TimeProvider time, FrontEndMetrics metrics, ILogger logger)
    {
        _socket = socket;
        _loops = loops;
        _loop = loops.Next();
        Time = time;
        _metrics = metrics;
        _logger = logger;
        _first = Leave;
        EndPoint = socket.LocalEndPoint!;
        _resume = time.CreateTimer(static listener => ((PolledListener)listener!).Resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public EndPoint EndPoint { get; }

    internal TimeProvider Time { get; }

    /// <summary>Begins to accept.</summary>
    /// <param name="first">Sees each connection first, on its loop, and ends when it is over or has been given to <see cref="Leave"/>.</param>
    /// <param name="backlog">How many may wait to be accepted.</param>
    internal void Start(ConnectionDelegate first, int backlog)
    {
        _first = first;
        // Accepted connections inherit it.
        _socket.NoDelay = true;
        _socket.Blocking = false;
        _socket.Listen(backlog);
        _loop.Add((int)_socket.Handle, this, LinuxCalls.Readable);
    }

    /// <summary>Gives a connection to the HTTP server.</summary>
    internal Task Leave(ConnectionContext connection)
    {
        ((PolledConnection)connection).LeaveLoop();
        return _left.Writer.TryWrite(connection) ? Task.CompletedTask : connection.DisposeAsync().AsTask();
    }

    public void OnEvents(uint events)
    {
        Span<byte> address = stackalloc byte[LinuxCalls.AddressSize];
        var reserved = FirstReserved();
        for (var i = 0; i < MaxTurn; i++)
        {
            int descriptor, length;
            lock (_gate)
            {
                if (_isUnbound)
                    return;
                descriptor = LinuxCalls.Accept((int)_socket.Handle, address, out length);
            }

            if (descriptor < 0)
            {
                if (LinuxCalls.Error == LinuxCalls.TryAgain)
                    return;
                if (!LinuxCalls.IsExhausted)
                    continue;
                Pause(LinuxCalls.Error);
                return;
            }

            if (_isExhausted && descriptor < reserved)
            {
                _isExhausted = false;
                AcceptsAgain(EndPoint);
            }

            Begin(new SocketHandle(descriptor), InternetAddress.Read(address[..Math.Min(length, address.Length)]));
            if (descriptor < reserved)
                continue;
            Pause(LinuxCalls.TooManyInProcess);
            return;
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _left.Reader.WaitToReadAsync(cancellationToken) && _left.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isUnbound)
                return default;
            _isUnbound = true;
        }

        _loop.Remove((int)_socket.Handle, this);
        _resume.Dispose();
        _socket.Dispose();
        _left.Writer.Complete();
        return default;
    }

    /// <summary>Ends what is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        foreach (var connection in _loops.Watched().OfType<PolledConnection>().Where(connection => connection.Listener == this))
            connection.Abort();
        while (_left.Reader.TryRead(out var connection))
            await connection.DisposeAsync();
        Ended();
        await Task.WhenAny(_ended.Task, Task.Delay(Patience, Time));
    }

    /// <summary>One of its connections is over.</summary>
    internal void Ended()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _ended.TrySetResult();
    }

    private void Begin(SocketHandle socket, EndPoint? peer)
    {
        Interlocked.Increment(ref _open);
        var connection = new PolledConnection(socket, _loops.Next(), this, peer);
        _ = ServeAsync(connection);
        try
        {
            connection.Watch();
        }
        catch (IOException e)
        {
            Unwatched(e.Message);
            connection.Abort();
            connection.OnEvents(LinuxCalls.HungUp);
        }

        // Who ended all others may not have seen it.
        if (Volatile.Read(ref _isDisposed))
            connection.Abort();
    }

    private async Task ServeAsync(PolledConnection connection)
    {
        try
        {
            await _first(connection);
        }
        catch (Exception e)
        {
            ServingFailed(e);
        }

        if (!connection.HasLeft)
            await connection.DisposeAsync();
    }

    // A new descriptor has the least free number.
    private static int FirstReserved()
    {
        var limit = LinuxCalls.DescriptorLimit();
        return limit - Math.Min(Reserve, limit / 4);
    }

    private void Pause(int error)
    {
        _metrics.AcceptsPaused();
        if (!_isExhausted)
            Exhausted(EndPoint, error);
        _isExhausted = true;
        lock (_gate)
        {
            if (_isUnbound)
                return;
            _loop.Change((int)_socket.Handle, 0);
            _resume.Change(ExhaustedPause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Resume()
    {
        var probe = LinuxCalls.CreateEvent();
        var isFree = probe >= 0 && probe < FirstReserved();
        if (probe >= 0)
            _ = LinuxCalls.close(probe);
        if (!isFree)
            _metrics.AcceptsPaused();
        lock (_gate)
        {
            if (_isUnbound)
                return;
            if (isFree)
                _loop.Change((int)_socket.Handle, LinuxCalls.Readable);
            else
                _resume.Change(ExhaustedPause, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(
        EventId = 1182,
        Level = LogLevel.Warning,
        Message = "Connections to {Address} have to wait: the process may have hardly more of them (error {Error}). Raise the limit of open files")]
    private partial void Exhausted(EndPoint address, int error);

    [LoggerMessage(EventId = 1183, Level = LogLevel.Information, Message = "Connections to {Address} are accepted again")]
    private partial void AcceptsAgain(EndPoint address);

    [LoggerMessage(EventId = 1184, Level = LogLevel.Warning, Message = "A connection was ended as soon as it was accepted. {Reason}")]
    private partial void Unwatched(string reason);

    [LoggerMessage(EventId = 1185, Level = LogLevel.Error, Message = "A connection could not be served")]
    private partial void ServingFailed(Exception e);
}
