using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// One accepted connection. What runs on its pipes runs on the loop that watches it and must not block, until
/// <see cref="LeaveLoop"/>. What an HTTP server wants of it is made when it is asked for.
/// </summary>
internal sealed class PolledConnection : ConnectionContext, IPolled, IDuplexPipe
{
    private static readonly TimeSpan HalfClosedPatience = TimeSpan.FromSeconds(1);

    private static long _last;

    private readonly SocketHandle _socket;
    private readonly PollingLoop _loop;
    private readonly PolledListener _listener;
    private readonly SocketInput _input;
    private readonly SocketOutput _output;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _closed;
    private IFeatureCollection? _features;
    private IDictionary<object, object?>? _items;
    private string? _id;
    private bool _hasHungUp;
    private bool _isAborted;
    private bool _isDisposed;

    internal PolledConnection(SocketHandle socket, PollingLoop loop, PolledListener listener, EndPoint? peer)
    {
        _socket = socket;
        _loop = loop;
        _listener = listener;
        _input = new SocketInput(socket);
        _output = new SocketOutput(socket);
        Transport = this;
        RemoteEndPoint = peer;
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _last).ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
        set => _id = value;
    }

    public override IFeatureCollection Features => _features ??= new PolledFeatures(this).ToCollection();

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => field ??= InternetAddress.OfLocal(_socket);
        set;
    }

    /// <summary>
    /// Canceled when the peer has broken or ended the connection, even if what it sent before has not been read; after
    /// <see cref="LeaveLoop"/> a second later if it has ended only its own direction.
    /// </summary>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            lock (_gate)
            {
                _closed ??= new CancellationTokenSource();
                if (_hasHungUp)
                    _closed.Cancel();
                return _closed.Token;
            }
        }

        set => throw new NotSupportedException();
    }

    /// <summary>Whose it is.</summary>
    internal PolledListener Listener => _listener;

    /// <summary>Whether it is another's now, who disposes of it.</summary>
    internal bool HasLeft
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>From here on what waits on its pipes goes on in threads of the pool: for work that may take long, such as requests.</summary>
    internal void LeaveLoop() => HasLeft = _input.LeavesLoop = _output.LeavesLoop = true;

    /// <summary>Lets its loop tell it of events, unless it is over already.</summary>
    /// <exception cref="IOException">The system does not watch any more.</exception>
    internal void Watch()
    {
        // Its descriptor is its own as long as it is not disposed of.
        lock (_gate)
        {
            if (!_isDisposed)
                _loop.Add(
                    _socket.Descriptor, this, LinuxCalls.Readable | LinuxCalls.Writable | LinuxCalls.PeerDone | LinuxCalls.EdgeTriggered);
        }
    }

    public void OnEvents(uint events)
    {
        var isBroken = (events & (LinuxCalls.HungUp | LinuxCalls.Failed)) != 0;
        var hasHungUp = isBroken || (events & LinuxCalls.PeerDone) != 0;
        if (isBroken || (events & LinuxCalls.Writable) != 0)
            _output.OnEvent();
        if (hasHungUp || (events & LinuxCalls.Readable) != 0)
            _input.OnEvent(hasHungUp);

        // Who asks on another thread may be about to answer what the peer has sent before its end.
        if (hasHungUp && HasLeft && !isBroken)
            _ = HangUpLaterAsync();
        else if (hasHungUp)
            HangUp();
    }

    public override void Abort() => Abort(null!);

    /// <summary>Ends the connection at once, also for who waits on its pipes. Safe at any time.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        lock (_gate)
        {
            if (_isDisposed || _isAborted)
                return;
            _isAborted = true;
            LinuxCalls.Shutdown(_socket);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _output.Complete();
        _input.Complete();
        lock (_gate)
        {
            if (_isDisposed)
                return default;
            _isDisposed = true;
        }

        _loop.Remove(_socket.Descriptor, this);
        if (_isAborted)
            LinuxCalls.DiscardOnClose(_socket);
        else
            _input.Discard();
        _socket.Dispose();
        _listener.Ended();
        return default;
    }

    private async Task HangUpLaterAsync()
    {
        await Task.Delay(HalfClosedPatience, _listener.Time);
        HangUp();
    }

    private void HangUp()
    {
        CancellationTokenSource? closed;
        lock (_gate)
        {
            _hasHungUp = true;
            closed = _closed;
        }

        closed?.Cancel();
    }
}
