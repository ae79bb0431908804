using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// What one channel sends. While the channel is being attached, frames are held back, so that the join reply and <c>init</c> come first
/// whatever the grain pushes meanwhile. Numbered pushes are put into their order. Begins held. Thread-safe.
/// </summary>
internal sealed class ChannelOutput(SocketWriter writer, FrameVersion version, string topic, byte[] joinRef, OutboxOptions limits)
{
    private readonly Lock _gate = new();
    private readonly PushOrder _order = new();
    private List<Pending>? _held = [];
    private long _waitingBytes;
    private bool _ended;
    private ulong _viewHash;

    /// <summary>Fingerprint of what the peer has been told by the frames that were queued for it.</summary>
    internal ulong ViewHash
    {
        get
        {
            lock (_gate)
                return _viewHash;
        }
    }

    /// <summary>Frames that wait for an attach, or for a push before them.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
                return (_held?.Count ?? 0) + _order.EarlyCount;
        }
    }

    /// <summary>Sends a push. False: too much is waiting for this peer; close its socket.</summary>
    internal bool Push(long sequence, string eventName, ReadOnlySpan<byte> payload, ulong newViewHash) =>
        Add(new Pending(EncodePush(eventName, payload), sequence, newViewHash, IsMessage(eventName)));

    /// <summary>Sends a push that others get too.</summary>
    internal bool Push(SharedPush push) => Add(new Pending(push.For(version, topic, joinRef), 0, 0));

    /// <summary>Answers a request.</summary>
    internal bool Reply(ReadOnlySpan<byte> requestRef, bool ok, ReadOnlySpan<byte> response) =>
        Add(new Pending(EncodeReply(requestRef, ok, response), 0, 0));

    /// <summary>Whether a push before this number has not come. Not while the session is being attached.</summary>
    internal bool IsBehind(long next)
    {
        lock (_gate)
            return !_ended && _held is null && _order.IsBehind(next);
    }

    /// <summary>From now on frames wait for <see cref="Release"/>.</summary>
    internal void Hold()
    {
        lock (_gate)
            _held ??= [];
    }

    /// <summary>
    /// Sends the join reply and <c>init</c>, each if given, and after them all that was held back. False as with a push that does not fit.
    /// </summary>
    /// <param name="joinReplyTo">The join's ref; null when there is no join to answer.</param>
    /// <param name="init">Payload of <c>init</c>.</param>
    /// <param name="newViewHash">Fingerprint after <paramref name="init"/>; null leaves it.</param>
    /// <param name="firstPush">Number of the first push that follows; null leaves the order as it is.</param>
    internal bool Release(ReadOnlyMemory<byte>? joinReplyTo, byte[]? init, ulong? newViewHash, long? firstPush)
    {
        var fits = true;
        lock (_gate)
        {
            if (_ended)
                return true;

            if (newViewHash is { } hash)
                _viewHash = hash;
            if (joinReplyTo is { } requestRef)
                fits &= writer.Enqueue(EncodeReply(requestRef.Span, true, default));
            if (init is not null)
                fits &= writer.Enqueue(EncodePush(Events.Init, init), isVital: true);
            // What came too early before this attach waits no longer: it is offered again with the rest.
            var waiting = _order.TakeEarly();
            if (firstPush is { } first)
                _order.Begin(first);
            waiting.AddRange(_held ?? []);
            _held = null;
            _waitingBytes = 0;
            foreach (var pending in waiting)
                fits &= Order(pending);
        }

        writer.Kick();
        return fits;
    }

    /// <summary>Nothing is sent any more, not even what was held back; with <paramref name="phxClose"/> the peer is told so.</summary>
    internal void End(bool phxClose)
    {
        lock (_gate)
        {
            if (_ended)
                return;

            _ended = true;
            foreach (var pending in _order.TakeEarly().Concat(_held ?? []))
                pending.Frame.Release();
            _held = null;
            if (phxClose)
                writer.Enqueue(EncodePush(Events.Close, default));
        }

        writer.Kick();
    }

    private bool Add(in Pending pending)
    {
        bool fits;
        lock (_gate)
        {
            if (_ended)
            {
                pending.Frame.Release();
                return true;
            }

            if (_held is not null)
            {
                if (!HasRoomFor(pending, _held.Count))
                    return false;
                _held.Add(pending);
                return true;
            }

            fits = Order(pending);
        }

        writer.Kick();
        return fits;
    }

    /// <summary>Queues the frame if it is its turn, and those that have waited for it.</summary>
    private bool Order(in Pending pending)
    {
        switch (_order.Judge(pending.Sequence))
        {
            case PushTurn.Stale when pending.IsMessage:
                return writer.Enqueue(pending.Frame);
            case PushTurn.Stale:
                pending.Frame.Release();
                return true;
            case PushTurn.Early:
                if (!HasRoomFor(pending, _order.EarlyCount))
                    return false;
                _order.Keep(pending);
                return true;
            default:
                var fits = Enqueue(pending);
                while (_order.TryTakeNext(out var next))
                {
                    _waitingBytes -= next.Frame.Length;
                    fits &= Enqueue(next);
                }

                return fits;
        }
    }

    /// <summary>
    /// What an earlier activation has answered or passed on is not part of the view that the present one has brought. A gateway's requests
    /// are: one that comes after a revocation must not undo it.
    /// </summary>
    private static bool IsMessage(string eventName) =>
        eventName is Events.FlowCreated or Events.FlowCreationFailed or Events.IceCandidates or Events.InvalidateIceCandidates;

    private bool Enqueue(in Pending pending)
    {
        if (pending.ViewHash != 0)
            _viewHash = pending.ViewHash;
        return writer.Enqueue(pending.Frame);
    }

    /// <summary>Counts a frame that has to wait; one that must not is released.</summary>
    private bool HasRoomFor(in Pending pending, int waiting)
    {
        if (waiting >= limits.MaxFrames || (waiting > 0 && _waitingBytes + pending.Frame.Length > limits.MaxBytes))
        {
            pending.Frame.Release();
            return false;
        }

        _waitingBytes += pending.Frame.Length;
        return true;
    }

    private OutboundFrame EncodePush(string eventName, ReadOnlySpan<byte> payload)
    {
        var buffer = new FrameBuffer(payload.Length + 128);
        FrameWriter.WritePush(buffer, version, joinRef, topic, eventName, payload);
        return buffer.Detach();
    }

    private OutboundFrame EncodeReply(ReadOnlySpan<byte> requestRef, bool ok, ReadOnlySpan<byte> response)
    {
        var buffer = new FrameBuffer(response.Length + requestRef.Length + 128);
        FrameWriter.WriteReply(buffer, version, joinRef, requestRef, topic, ok, response);
        return buffer.Detach();
    }
}
