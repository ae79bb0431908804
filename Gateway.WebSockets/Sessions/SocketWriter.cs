using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// The outbox of one socket and its only writer. Frames leave in the order in which they were queued. There is no task while nothing is
/// queued: <see cref="Kick"/> starts one, which ends when the queue is empty. Thread-safe.
/// </summary>
internal sealed class SocketWriter(UpgradedSocket socket, OutboxOptions limits, TimeProvider time, FrontEndMetrics metrics)
{
    // What a burst has grown is given back: most sockets are idle most of the time.
    private const int KeptCapacity = 8;

    private readonly Lock _gate = new();
    private readonly Queue<OutboundFrame> _queue = new(0);
    private long _queuedBytes;
    private bool _running;
    private TaskCompletionSource? _idle;
    private bool _dead;
    private WebSocketCloseStatus? _closing;
    private bool _closeSent;
    private long _writeStarted;
    private long _closeStarted;

    /// <summary>The code that this side closes with; null while open.</summary>
    internal WebSocketCloseStatus? Closing
    {
        get
        {
            lock (_gate)
                return _closing;
        }
    }

    /// <summary>
    /// Queues a frame and takes it over; call <see cref="Kick"/> afterwards. False: the outbox is full, the frame is gone, the socket must
    /// be closed. A frame for a socket that is closing is dropped silently.
    /// </summary>
    internal bool Enqueue(in OutboundFrame frame)
    {
        lock (_gate)
        {
            if (_dead || _closing is not null)
            {
                frame.Release();
                return true;
            }

            var full = _queue.Count >= limits.MaxFrames || (_queue.Count > 0 && _queuedBytes + frame.Length > limits.MaxBytes);
            if (full)
            {
                frame.Release();
                return false;
            }

            _queue.Enqueue(frame);
            _queuedBytes += frame.Length;
            return true;
        }
    }

    /// <summary>Starts writing if nobody does. Not to be called under a lock: small writes complete on the caller's thread.</summary>
    internal void Kick()
    {
        lock (_gate)
        {
            if (_running || _dead)
                return;
            _running = true;
        }

        _ = WriteAsync();
    }

    /// <summary>
    /// Sends a close frame without a reason text after what is queued: a reason would be parsed as a message by native peers. The first
    /// call decides the code; returns whether this was it.
    /// </summary>
    /// <param name="code">Status code of RFC 6455 section 7.4.</param>
    /// <param name="discard">Drops what is queued first, for a peer that does not keep up.</param>
    internal bool Close(WebSocketCloseStatus code, bool discard = false)
    {
        lock (_gate)
        {
            if (_dead || _closing is not null)
                return false;
            _closing = code;
            _closeStarted = time.GetTimestamp();
            if (discard)
                Clear();
        }

        Kick();
        return true;
    }

    /// <summary>
    /// The peer has violated RFC 6455, and the framework has sent the close frame itself. True if that was the first one; then the peer
    /// has as long to end the connection as after any other.
    /// </summary>
    internal bool Violated()
    {
        lock (_gate)
        {
            if (_dead || _closing is not null)
                return false;
            _closing = WebSocketCloseStatus.ProtocolError;
            _closeSent = true;
            _closeStarted = time.GetTimestamp();
            Clear();
            return true;
        }
    }

    /// <summary>Tears the connection down without a word. A pending receive ends with an exception.</summary>
    internal void Abort()
    {
        lock (_gate)
        {
            _dead = true;
            Clear();
        }

        socket.Abort();
    }

    /// <summary>Completes when nothing is being written: after a close, when the close frame has left or the connection is gone.</summary>
    internal Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (!_running)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Whether the peer does not take a frame or does not answer the close frame in time.</summary>
    internal bool IsStuck(long now, TimeSpan sendTimeout, TimeSpan closeTimeout)
    {
        lock (_gate)
        {
            return !_dead
                && ((_closing is not null && time.GetElapsedTime(_closeStarted, now) >= closeTimeout)
                    || (_writeStarted != 0 && time.GetElapsedTime(_writeStarted, now) >= sendTimeout));
        }
    }

    private async Task WriteAsync()
    {
        while (TryNext(out var frame, out var more, out var closeWith))
        {
            try
            {
                socket.Stream.Corked = more;
                if (closeWith is { } code)
                {
                    await socket.Socket.CloseOutputAsync(code, null, CancellationToken.None);
                    continue;
                }

                await socket.Socket.SendAsync(frame.Memory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                metrics.Sent(frame.Length);
            }
            catch (Exception)
            {
                // Whatever it was, no further frame can follow a frame that may have left in part. The reader sees the end and cleans up.
                Abort();
            }
            finally
            {
                if (closeWith is null)
                    frame.Release();
            }
        }
    }

    private bool TryNext(out OutboundFrame frame, out bool more, out WebSocketCloseStatus? closeWith)
    {
        lock (_gate)
        {
            (more, closeWith) = (false, null);
            if (_queue.TryDequeue(out frame))
            {
                _queuedBytes -= frame.Length;
                _writeStarted = time.GetTimestamp();
                more = _queue.Count > 0 || (_closing is not null && !_closeSent);
                return true;
            }

            if (_closing is not null && !_closeSent && !_dead)
            {
                _closeSent = true;
                closeWith = _closing;
                return true;
            }

            _running = false;
            _writeStarted = 0;
            if (_queue.Capacity > KeptCapacity)
                _queue.TrimExcess(0);
            _idle?.TrySetResult();
            return false;
        }
    }

    private void Clear()
    {
        while (_queue.TryDequeue(out var frame))
            frame.Release();
        _queuedBytes = 0;
    }
}
