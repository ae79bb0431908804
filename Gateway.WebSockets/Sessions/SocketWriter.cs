using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Framing;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// The outbox of one socket and its only writer. Frames leave in the order in which they were queued. There is no task while nothing is
/// queued: <see cref="Kick"/> starts one, which ends when the queue is empty. Thread-safe.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="limits">Of what may wait.</param>
/// <param name="gathers">
/// Writes behind the work that waits already, so that frames which are made at this moment leave in one packet: for peers that many others make
/// frames for, such as gateways. Else what is queued first is written at once, on the caller's thread.
/// </param>
/// <param name="time">For limits.</param>
/// <param name="metrics">What is sent.</param>
internal sealed class SocketWriter(UpgradedSocket socket, OutboxOptions limits, bool gathers, TimeProvider time, FrontEndMetrics metrics)
    : IThreadPoolWorkItem
{
    // What a burst has grown is given back: most sockets are idle most of the time.
    private const int KeptCapacity = 8;

    // Small frames that follow each other leave in one packet.
    private const int FlushAt = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<OutboundFrame> _queue = new(0);
    private long _queuedBytes;
    private bool _running;
    private TaskCompletionSource? _idle;
    private bool _dead;
    private byte[]? _pong;
    private WebSocketCloseStatus? _closing;
    private bool _closeSent;
    private long _writeStarted;
    private long _closeStarted;
    private long _sent;

    /// <summary>The code that this side closes with; null while open.</summary>
    internal WebSocketCloseStatus? Closing
    {
        get
        {
            lock (_gate)
                return _closing;
        }
    }

    /// <summary>Frames that wait, more or less: for measurements.</summary>
    internal int Depth => _queue.Count;

    /// <summary>Text messages that have left.</summary>
    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>What waits, and its size.</summary>
    internal (int Frames, long Bytes) Waiting
    {
        get
        {
            lock (_gate)
                return (_queue.Count, _queuedBytes);
        }
    }

    /// <summary>
    /// Queues a frame and takes it over; call <see cref="Kick"/> afterwards. False: the outbox is full, the frame is gone, the socket must
    /// be closed. A frame for a socket that is closing is dropped silently.
    /// </summary>
    /// <param name="frame">Belongs to the outbox from now on.</param>
    /// <param name="isVital">
    /// Fits whatever its length: without it the peer is of no use, and it would get the same after its next connect. Counts like the others
    /// against those that follow.
    /// </param>
    internal bool Enqueue(in OutboundFrame frame, bool isVital = false)
    {
        lock (_gate)
        {
            if (_dead || _closing is not null)
            {
                frame.Release();
                return true;
            }

            var full = !isVital && (_queue.Count >= limits.MaxFrames || (_queue.Count > 0 && _queuedBytes + frame.Length > limits.MaxBytes));
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

        if (gathers)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            _ = WriteAsync();
    }

    /// <summary>Writes until the queue is empty.</summary>
    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

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

    /// <summary>Answers a ping, before what else is queued. Of several pings under way the last is answered.</summary>
    internal void Pong(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_dead || _closing is not null)
                return;
            _pong = payload.ToArray();
        }

        Kick();
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

    /// <summary>Completes when nothing is being written, and nothing will be: what is queued later is dropped.</summary>
    internal async Task EndAsync()
    {
        while (!TryEnd())
            await WhenIdleAsync();
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

    // A grain's turn may be what writes; what is left of it when the peer is slow must not go on in the grain.
    private async Task WriteAsync()
    {
        while (TryNext(out var frame, out var opcode, out var more))
        {
            try
            {
                await WriteAsync(opcode, frame.Memory, more).ConfigureAwait(false);
                if (opcode == FrameOpcode.Text)
                {
                    metrics.Sent(frame.Length);
                    Volatile.Write(ref _sent, _sent + 1);
                }
            }
            catch (Exception)
            {
                // Whatever it was, no further frame can follow a frame that may have left in part. The reader sees the end and cleans up.
                Abort();
            }
            finally
            {
                frame.Release();
            }
        }
    }

    private async ValueTask WriteAsync(FrameOpcode opcode, ReadOnlyMemory<byte> payload, bool more)
    {
        var output = socket.Output;
        output.Advance(FrameHeader.Write(output.GetSpan(FrameHeader.MaxWritten), opcode, payload.Length));
        while (payload.Length > FlushAt)
        {
            output.Write(payload.Span[..FlushAt]);
            payload = payload[FlushAt..];
            await FlushAsync(output).ConfigureAwait(false);
        }

        output.Write(payload.Span);
        if (!more || output.UnflushedBytes >= FlushAt)
            await FlushAsync(output).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(PipeWriter output)
    {
        if ((await output.FlushAsync().ConfigureAwait(false)).IsCompleted)
            Abort();
    }

    private bool TryNext(out OutboundFrame frame, out FrameOpcode opcode, out bool more)
    {
        lock (_gate)
        {
            (opcode, more) = (FrameOpcode.Text, false);
            if (!_dead && (TryControl(out frame, out opcode) || _queue.TryDequeue(out frame)))
            {
                if (opcode == FrameOpcode.Text)
                    _queuedBytes -= frame.Length;
                _writeStarted = time.GetTimestamp();
                more = _queue.Count > 0 || (_closing is not null && !_closeSent);
                return true;
            }

            frame = default;
            _running = false;
            _writeStarted = 0;
            if (_queue.Capacity > KeptCapacity)
                _queue.TrimExcess(0);
            _idle?.TrySetResult();
            _idle = null;
            return false;
        }
    }

    private bool TryEnd()
    {
        lock (_gate)
        {
            if (_running)
                return false;
            _dead = true;
            Clear();
            return true;
        }
    }

    /// <summary>A pong at once, the close frame after all that is queued.</summary>
    private bool TryControl(out OutboundFrame frame, out FrameOpcode opcode)
    {
        (frame, opcode) = (default, FrameOpcode.Text);
        if (_pong is { } pong)
        {
            _pong = null;
            (frame, opcode) = (new OutboundFrame(pong, pong.Length, pooled: false), FrameOpcode.Pong);
            return true;
        }

        if (_closing is not { } code || _closeSent || _queue.Count > 0)
            return false;
        _closeSent = true;
        var payload = new byte[ClosePayload.Size];
        ClosePayload.Write(payload, code);
        (frame, opcode) = (new OutboundFrame(payload, payload.Length, pooled: false), FrameOpcode.Close);
        return true;
    }

    private void Clear()
    {
        while (_queue.TryDequeue(out var frame))
            frame.Release();
        _pong = null;
        _queuedBytes = 0;
    }
}
