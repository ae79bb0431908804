using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// What one channel sends. While the channel is being attached, frames are held back, so that the join reply and <c>init</c> come first
/// whatever the grain pushes meanwhile. Begins held. Thread-safe.
/// </summary>
internal sealed class ChannelOutput(SocketWriter writer, FrameVersion version, string topic, byte[] joinRef, OutboxOptions limits)
{
    private readonly Lock _gate = new();
    private List<(OutboundFrame Frame, ulong ViewHash)>? _held = [];
    private long _heldBytes;
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

    /// <summary>Sends a push. False: too much is waiting for this peer; close its socket.</summary>
    internal bool Push(string eventName, ReadOnlySpan<byte> payload, ulong newViewHash) =>
        Add(EncodePush(eventName, payload), newViewHash);

    /// <summary>Sends a push that others get too.</summary>
    internal bool Push(SharedPush push) => Add(push.For(version, topic, joinRef), 0);

    /// <summary>Answers a request.</summary>
    internal bool Reply(ReadOnlySpan<byte> requestRef, bool ok, ReadOnlySpan<byte> response) =>
        Add(EncodeReply(requestRef, ok, response), 0);

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
    internal bool Release(ReadOnlyMemory<byte>? joinReplyTo, byte[]? init, ulong? newViewHash)
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
                fits &= writer.Enqueue(EncodePush(Events.Init, init));
            foreach (var (frame, frameHash) in _held ?? [])
            {
                fits &= writer.Enqueue(frame);
                if (frameHash != 0)
                    _viewHash = frameHash;
            }

            _held = null;
            _heldBytes = 0;
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
            foreach (var (frame, _) in _held ?? [])
                frame.Release();
            _held = null;
            if (phxClose)
                writer.Enqueue(EncodePush(Events.Close, default));
        }

        writer.Kick();
    }

    private bool Add(OutboundFrame frame, ulong newViewHash)
    {
        bool fits;
        lock (_gate)
        {
            if (_ended)
            {
                frame.Release();
                return true;
            }

            if (_held is not null)
            {
                if (_held.Count >= limits.MaxFrames || (_held.Count > 0 && _heldBytes + frame.Length > limits.MaxBytes))
                {
                    frame.Release();
                    return false;
                }

                _held.Add((frame, newViewHash));
                _heldBytes += frame.Length;
                return true;
            }

            if (newViewHash != 0)
                _viewHash = newViewHash;
            fits = writer.Enqueue(frame);
        }

        writer.Kick();
        return fits;
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
