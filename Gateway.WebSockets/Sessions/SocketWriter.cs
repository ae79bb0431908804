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

    private readonly Lock gate = new();
    private readonly Queue<OutboundFrame> queue = new(0);
    private long queuedBytes;
    private bool running;
    private TaskCompletionSource? idle;
    private bool dead;
    private WebSocketCloseStatus? closing;
    private bool closeSent;
    private long writeStarted;
    private long closeStarted;

    /// <summary>The code that this side closes with; null while open.</summary>
    internal WebSocketCloseStatus? Closing
    {
        get
        {
            lock (gate)
                return closing;
        }
    }

    /// <summary>
    /// Queues a frame and takes it over; call <see cref="Kick"/> afterwards. False: the outbox is full, the frame is gone, the socket must
    /// be closed. A frame for a socket that is closing is dropped silently.
    /// </summary>
    internal bool Enqueue(in OutboundFrame frame)
    {
        lock (gate)
        {
            if (dead || closing is not null)
            {
                frame.Release();
                return true;
            }

            var full = queue.Count >= limits.MaxFrames || (queue.Count > 0 && queuedBytes + frame.Length > limits.MaxBytes);
            if (full)
            {
                frame.Release();
                return false;
            }

            queue.Enqueue(frame);
            queuedBytes += frame.Length;
            return true;
        }
    }

    /// <summary>Starts writing if nobody does. Not to be called under a lock: small writes complete on the caller's thread.</summary>
    internal void Kick()
    {
        lock (gate)
        {
            if (running || dead)
                return;
            running = true;
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
        lock (gate)
        {
            if (dead || closing is not null)
                return false;
            closing = code;
            closeStarted = time.GetTimestamp();
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
        lock (gate)
        {
            if (dead || closing is not null)
                return false;
            closing = WebSocketCloseStatus.ProtocolError;
            closeSent = true;
            closeStarted = time.GetTimestamp();
            Clear();
            return true;
        }
    }

    /// <summary>Tears the connection down without a word. A pending receive ends with an exception.</summary>
    internal void Abort()
    {
        lock (gate)
        {
            dead = true;
            Clear();
        }

        socket.Abort();
    }

    /// <summary>Completes when nothing is being written: after a close, when the close frame has left or the connection is gone.</summary>
    internal Task WhenIdleAsync()
    {
        lock (gate)
        {
            if (!running)
                return Task.CompletedTask;
            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return idle.Task;
        }
    }

    /// <summary>Whether the peer does not take a frame or does not answer the close frame in time.</summary>
    internal bool IsStuck(long now, TimeSpan sendTimeout, TimeSpan closeTimeout)
    {
        lock (gate)
        {
            return !dead
                && ((closing is not null && time.GetElapsedTime(closeStarted, now) >= closeTimeout)
                    || (writeStarted != 0 && time.GetElapsedTime(writeStarted, now) >= sendTimeout));
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
        lock (gate)
        {
            (more, closeWith) = (false, null);
            if (queue.TryDequeue(out frame))
            {
                queuedBytes -= frame.Length;
                writeStarted = time.GetTimestamp();
                more = queue.Count > 0 || (closing is not null && !closeSent);
                return true;
            }

            if (closing is not null && !closeSent && !dead)
            {
                closeSent = true;
                closeWith = closing;
                return true;
            }

            running = false;
            writeStarted = 0;
            if (queue.Capacity > KeptCapacity)
                queue.TrimExcess(0);
            idle?.TrySetResult();
            return false;
        }
    }

    private void Clear()
    {
        while (queue.TryDequeue(out var frame))
            frame.Release();
        queuedBytes = 0;
    }
}
