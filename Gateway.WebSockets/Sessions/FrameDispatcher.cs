using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Channels;
using Firezone.Wire.Errors;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// The Phoenix side of one socket: answers heartbeats, joins and leaves, and hands the frames of the joined topic to its channel. Used by
/// the socket's reader only.
/// </summary>
internal sealed class FrameDispatcher(Connection connection, IChannelOpener opener)
{
    // A join is work for the database, and its answer is long.
    private const int JoinCost = 10;

    private readonly string _topic = connection.Kind switch
    {
        PeerKind.Client => Topics.Client,
        PeerKind.Gateway => Topics.Gateway,
        _ => Topics.Relay,
    };

    private Channel? _current;
    private int _joins;
    private volatile bool _hasJoined;

    /// <summary>Whether the peer has ever joined. May be read on any thread.</summary>
    internal bool HasJoined => _hasJoined;

    /// <summary>See <see cref="Channel.Sweep"/>. May be called on any thread.</summary>
    internal void Sweep() => Volatile.Read(ref _current)?.Sweep();

    /// <summary>Handles one message; completes when the next one may be read.</summary>
    internal ValueTask HandleAsync(ReadOnlyMemory<byte> message)
    {
        switch (FrameReader.TryRead(message, connection.Version, connection.Services.FrameLimits, out var frame))
        {
            case FrameError.None:
                return Dispatch(frame);
            case FrameError.InvalidUtf8:
                connection.Close(WebSocketCloseStatus.InvalidPayloadData);
                return ValueTask.CompletedTask;
            case FrameError.TooLarge:
                connection.Close(WebSocketCloseStatus.MessageTooBig);
                return ValueTask.CompletedTask;
            default:
                connection.Close(WebSocketCloseStatus.ProtocolError);
                return ValueTask.CompletedTask;
        }
    }

    /// <summary>The socket has ended: so has its session.</summary>
    internal void End() => Retire(phxClose: false);

    private ValueTask Dispatch(in PhoenixFrame frame)
    {
        if (frame.Topic == _topic)
        {
            if (frame.Event == Events.Join)
                return Join(frame);
            if (frame.Event == Events.Leave)
                Leave(frame);
            else if (_current is { } channel)
                return Handle(channel, frame);
            else
                Reply(frame, false, ErrorResponses.UnmatchedTopic);
        }
        else if (frame.Topic == Topics.Phoenix && frame.Event == Events.Heartbeat)
        {
            connection.Services.Metrics.Heartbeat();
            Reply(frame, true, ErrorResponses.Empty);
        }
        else
        {
            Reply(frame, false, ErrorResponses.UnmatchedTopic);
        }

        return ValueTask.CompletedTask;
    }

    private static ValueTask Handle(Channel channel, in PhoenixFrame frame)
    {
        channel.Handle(frame);
        return channel.WaitForRoomAsync();
    }

    private ValueTask Join(in PhoenixFrame frame)
    {
        connection.Charge(JoinCost - 1);
        if (opener.Open(connection, frame, _joins) is not { } channel)
        {
            Reply(frame, false, ErrorResponses.JoinCrashed);
            return ValueTask.CompletedTask;
        }

        // A second join replaces the channel; native peers do so when they are told "unmatched topic".
        Retire(phxClose: true);
        _joins++;
        _hasJoined = true;
        _current = channel;
        connection.Services.Registry.Add(channel);

        // Like in Phoenix, nothing else of this socket is looked at until the join is answered.
        return new ValueTask(channel.JoinAsync(frame.Ref.ToArray()));
    }

    private void Leave(in PhoenixFrame frame)
    {
        Reply(frame, true, ErrorResponses.Empty);
        Retire(phxClose: false);
    }

    private void Retire(bool phxClose)
    {
        if (_current is not { } channel)
            return;

        _current = null;
        channel.End(phxClose);
        connection.Services.Registry.Remove(channel);
        connection.Services.Detaches.Add(channel);
    }

    private void Reply(in PhoenixFrame request, bool ok, ReadOnlyMemory<byte> response)
    {
        var buffer = new FrameBuffer(256);
        FrameWriter.WriteReply(
            buffer, connection.Version, request.JoinRef.Span, request.Ref.Span, request.Topic, ok, response.Span);
        if (!connection.Writer.Enqueue(buffer.Detach()))
            connection.Close(WebSocketCloseStatus.InternalServerError, discard: true);
        connection.Writer.Kick();
    }
}
