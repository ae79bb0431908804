using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Framing;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// Reads whole messages from one socket, one at a time, and answers pings. A silent socket holds no buffer: the transport takes one when
/// bytes have come. A frame is looked at when all of it is there; until then it waits in the transport's buffers, no longer than the limit.
/// A peer that sends more than its rate is not read for a while.
/// </summary>
internal sealed class SocketReader(PipeReader input, SocketWriter writer, int maxBytes, MessageRate rate, TimeProvider time)
{
    private const int MaxControlPayload = 125;

    private byte[]? _fragments;
    private int _length;
    private bool _isFragmented;
    private long _lastReceived = time.GetTimestamp();
    private MessageBudget _budget;
    private bool _isPaused;
    private TaskCompletionSource? _pause;

    /// <summary>When the last message, ping or pong was complete. May be read on any thread.</summary>
    internal long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>The next message. Never throws.</summary>
    internal async ValueTask<ReceivedMessage> ReadAsync()
    {
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                var isDone = TryTake(ref buffer, out var message);
                input.AdvanceTo(buffer.Start, isDone || _isPaused ? buffer.Start : buffer.End);
                if (isDone)
                    return message;
                if (_isPaused)
                    await PauseAsync();
                else if (result.IsCompleted || result.IsCanceled)
                    return ReceivedMessage.Broken;
            }
        }
        catch (Exception)
        {
            // A reset connection or an aborted one.
            return ReceivedMessage.Broken;
        }
    }

    /// <summary>Goes on with a peer that was not read. Called for every socket about once a second.</summary>
    internal void Resume() => Interlocked.Exchange(ref _pause, null)?.TrySetResult();

    /// <summary>Counts the message that was read last as several more. Between two reads.</summary>
    internal void Charge(int messages) => _budget.Charge(rate, messages);

    /// <summary>Throws everything away until the peer's close frame or the end of the connection. Never throws.</summary>
    internal async ValueTask DiscardAsync()
    {
        long skip = 0;
        var isReadable = true;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                var isClosed = false;
                while (isReadable && !isClosed && TrySkip(ref buffer, ref skip, out isClosed, out isReadable))
                {
                }

                input.AdvanceTo(isReadable ? buffer.Start : buffer.End, buffer.End);
                if (isClosed || result.IsCompleted || result.IsCanceled)
                    return;
            }
        }
        catch (Exception)
        {
            // The end.
        }
    }

    /// <summary>Gives back what an unfinished message holds. After the last read.</summary>
    internal void Release()
    {
        if (_fragments is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _fragments = null;
    }

    private Task PauseAsync()
    {
        _isPaused = false;
        var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pause, pause);
        return pause.Task;
    }

    private bool TryTake(ref ReadOnlySequence<byte> buffer, out ReceivedMessage message)
    {
        message = default;
        while (true)
        {
            switch (FrameHeader.TryRead(buffer, out var header))
            {
                case HeaderResult.Incomplete:
                    return false;
                case HeaderResult.Invalid:
                    return Unacceptable(WebSocketCloseStatus.ProtocolError, out message);
            }

            if (!header.IsControl)
            {
                // A message may not begin within another, nor go on before it has begun.
                if (_isFragmented != (header.Opcode == FrameOpcode.Continuation))
                    return Unacceptable(WebSocketCloseStatus.ProtocolError, out message);
                if (header.Opcode == FrameOpcode.Binary)
                    return Unacceptable(WebSocketCloseStatus.InvalidMessageType, out message);
                if (header.PayloadLength > maxBytes - _length)
                    return Unacceptable(WebSocketCloseStatus.MessageTooBig, out message);
            }

            var end = header.Size + header.PayloadLength;
            if (buffer.Length < end)
                return false;
            if (header.Opcode != FrameOpcode.Close && !_budget.TryTake(rate, time.GetTimestamp()))
            {
                _isPaused = true;
                return false;
            }

            var payload = buffer.Slice(header.Size, header.PayloadLength);
            buffer = buffer.Slice(end);
            // A message that never ends does not keep a socket alive.
            if (header.IsFinal)
                Volatile.Write(ref _lastReceived, time.GetTimestamp());
            if (header.IsControl ? TryControl(header, payload, out message) : TryData(header, payload, out message))
                return true;
        }
    }

    private bool TryData(in FrameHeader header, in ReadOnlySequence<byte> payload, out ReceivedMessage message)
    {
        var length = (int)payload.Length;
        _fragments = Reserve(length);
        FrameMask.CopyUnmasked(payload, _fragments.AsSpan(_length, length), header.MaskingKey);
        _length += length;
        _isFragmented = !header.IsFinal;
        if (_isFragmented)
        {
            message = default;
            return false;
        }

        message = ReceivedMessage.Text(_fragments, _length);
        (_fragments, _length) = (null, 0);
        return true;
    }

    private bool TryControl(in FrameHeader header, in ReadOnlySequence<byte> payload, out ReceivedMessage message)
    {
        message = default;
        if (header.Opcode == FrameOpcode.Pong)
            return false;

        Span<byte> copy = stackalloc byte[MaxControlPayload];
        copy = copy[..(int)payload.Length];
        FrameMask.CopyUnmasked(payload, copy, header.MaskingKey);
        if (header.Opcode == FrameOpcode.Ping)
        {
            writer.Pong(copy);
            return false;
        }

        // Also when its content is forbidden it is the peer's last frame.
        ClosePayload.TryRead(copy, out var code);
        message = ReceivedMessage.Close(code);
        return true;
    }

    private byte[] Reserve(int more)
    {
        if (_fragments is not { } buffer)
            return ArrayPool<byte>.Shared.Rent(more);
        if (buffer.Length - _length >= more)
            return buffer;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, _length + more));
        buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static bool Unacceptable(WebSocketCloseStatus code, out ReceivedMessage message)
    {
        message = ReceivedMessage.Unacceptable(code);
        return true;
    }

    /// <summary>Skips bytes of a frame, or its header. False: more bytes are needed, or what follows is no frame.</summary>
    private static bool TrySkip(ref ReadOnlySequence<byte> buffer, ref long skip, out bool isClosed, out bool isReadable)
    {
        (isClosed, isReadable) = (false, true);
        if (skip > 0)
        {
            var now = Math.Min(skip, buffer.Length);
            buffer = buffer.Slice(now);
            skip -= now;
            return skip == 0;
        }

        var result = FrameHeader.TryRead(buffer, out var header);
        isReadable = result != HeaderResult.Invalid;
        if (result != HeaderResult.Complete)
            return false;
        buffer = buffer.Slice(header.Size);
        skip = header.PayloadLength;
        isClosed = header.Opcode == FrameOpcode.Close;
        return true;
    }
}
