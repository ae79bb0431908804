using Firezone.Edge.PortalClient.Effects;
using Firezone.Edge.PortalClient.Frames;
using Firezone.Edge.PortalClient.Inputs;
using Firezone.Edge.PortalClient.Outgoing;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.PortalClient.Retry;
using Firezone.Edge.PortalClient.States;
using Firezone.Wire.Edge;
using Firezone.Wire.Frames;

namespace Firezone.Edge.PortalClient;

/// <summary>
/// The portal channel as a state machine: no clock, no socket, no thread. Inputs go in with the time at which they happened, effects
/// come out and must be carried out in order. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// Closed ──ConnectRequested──▶ Connecting ──101──▶ Joining ──ok {}──▶ Joined
///    ▲                           ▲   │ failure        │ failure         │ failure
///    │ fatal, CloseRequested     │   ▼                ▼                 ▼
///    └── from every state        └─ Hiccup ◀──────────┴─────────────────┘
/// </code>
/// Every socket has a number; what a socket reports after its release is recognised by its number and ignored.
/// </remarks>
public sealed class ChannelMachine
{
    /// <summary>How many messages may wait for the join or for the socket.</summary>
    public const int QueueCapacity = 32;

    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private readonly ChannelTimings _timings;
    private readonly RetrySchedule _retry;
    private readonly string _topic;
    private readonly ReadOnlyMemory<byte> _joinPayload;
    private readonly OutgoingQueue _queue = new(QueueCapacity);
    private SocketTraffic? _socket;
    private int _attempts;

    /// <summary>The attempt whose dial or socket has not been released.</summary>
    private int? _live;

    /// <summary>Makes a machine in the state <see cref="Closed"/>.</summary>
    /// <param name="topic">The topic to join.</param>
    /// <param name="joinPayload">JSON text of the join's payload; <c>null</c> for clients and gateways.</param>
    /// <param name="timings">Time limits.</param>
    /// <param name="retry">Spacing of attempts; owned by the machine from now on.</param>
    public ChannelMachine(string topic, ReadOnlyMemory<byte> joinPayload, ChannelTimings timings, RetrySchedule retry)
    {
        ArgumentNullException.ThrowIfNull(timings);
        ArgumentNullException.ThrowIfNull(retry);
        _topic = topic;
        _joinPayload = joinPayload;
        _timings = timings;
        _retry = retry;
    }

    /// <summary>Where the channel is.</summary>
    public ChannelState State { get; private set; } = new Closed(null);

    /// <summary>How many messages wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>When <see cref="TimeElapsed"/> is due next; null: never.</summary>
    public TimeSpan? Deadline => (State.EndsAt, _socket?.HeartbeatAt) switch
    {
        ({ } end, { } heartbeat) => end < heartbeat ? end : heartbeat,
        var (end, heartbeat) => end ?? heartbeat,
    };

    /// <summary>Takes one input.</summary>
    /// <param name="now">Reading of a monotonic clock; must not decrease from step to step.</param>
    /// <param name="input">What happened.</param>
    /// <param name="effects">Receives what must be done about it.</param>
    public void Step(TimeSpan now, ChannelInput input, List<ChannelEffect> effects)
    {
        switch (input)
        {
            case ConnectRequested:
                Release(politely: false, effects);
                _retry.Restart();
                Connect(now, effects);
                break;
            case CloseRequested:
                Release(politely: true, effects);
                _queue.Clear();
                State = new Closed((State as Closed)?.Cause);
                break;
            case TimeElapsed:
                OnTime(now, effects);
                break;
            case SocketOpened opened when State is Connecting state && state.Number == opened.Attempt:
                _socket = new SocketTraffic { Attempt = opened.Attempt, HeartbeatAt = now + _timings.HeartbeatInterval };
                Join(now, _socket, effects);
                break;
            case SocketRefused refused when State is Connecting state && state.Number == refused.Attempt:
                OnRefused(now, refused.Failure, effects);
                break;
            case SocketLost lost when _socket?.Attempt == lost.Attempt:
                Fail(now, lost.Error, null, politely: false, effects);
                break;
            case FrameReceived received when _socket is { } socket && socket.Attempt == received.Attempt:
                OnFrame(now, socket, received.Frame, effects);
                break;
            case FrameWritten written when _socket is { } socket && socket.Attempt == written.Attempt:
                socket.Writing = false;
                WriteNext(now, socket, effects);
                break;
        }
    }

    /// <summary>
    /// Takes a message for the portal. It waits while the channel is not joined and survives a reconnect; a message that was already
    /// handed to a socket that then fails is lost.
    /// </summary>
    public SendOutcome Send(TimeSpan now, string eventName, ReadOnlyMemory<byte> payload, List<ChannelEffect> effects)
    {
        if (State is Closed)
            return SendOutcome.Closed;
        var outcome = _queue.Add(eventName, payload, joined: State is Joined);
        if (_socket is { } socket)
            WriteNext(now, socket, effects);
        return outcome;
    }

    private void OnTime(TimeSpan now, List<ChannelEffect> effects)
    {
        if (State.EndsAt is { } end && end <= now)
        {
            switch (State)
            {
                case Hiccup:
                    Connect(now, effects);
                    return;
                case Connecting:
                    Fail(now, "The portal did not answer the upgrade in time.", null, politely: false, effects);
                    return;
                case Joining:
                    Fail(now, "The portal did not acknowledge the join in time.", null, politely: false, effects);
                    return;
            }
        }

        if (_socket is { } socket && socket.HeartbeatAt <= now)
            Heartbeat(now, socket, effects);
    }

    private void Heartbeat(TimeSpan now, SocketTraffic socket, List<ChannelEffect> effects)
    {
        if (socket.UnansweredHeartbeats >= _timings.UnansweredHeartbeats)
        {
            Fail(now, "The portal stopped answering heartbeats.", null, politely: false, effects);
            return;
        }

        // Counted even if the socket takes nothing: a peer that died with full buffers must be noticed too.
        socket.UnansweredHeartbeats++;
        socket.HeartbeatAt = now + _timings.HeartbeatInterval;
        if (!socket.HeartbeatWaits)
            socket.AddControl(new PortalFrame(Topics.Phoenix, Events.Heartbeat, socket.TakeRef(), EmptyObject));
        WriteNext(now, socket, effects);
    }

    private void Connect(TimeSpan now, List<ChannelEffect> effects)
    {
        var attempt = ++_attempts;
        State = new Connecting(attempt, now + _timings.ConnectTimeout);
        _live = attempt;
        effects.Add(new OpenSocket(attempt));
    }

    private void Join(TimeSpan now, SocketTraffic socket, List<ChannelEffect> effects)
    {
        var join = new PortalFrame(_topic, Events.Join, socket.TakeRef(), _joinPayload);
        State = new Joining(socket.Attempt, join.Ref!.Value, now + _timings.JoinTimeout);
        socket.AddControl(join);
        WriteNext(now, socket, effects);
    }

    private void OnRefused(TimeSpan now, UpgradeFailure failure, List<ChannelEffect> effects)
    {
        if (failure.IsFatal)
            End(new PortalFatal(FatalReason.InvalidToken, failure.Error), effects);
        else
            Fail(now, failure.Error, failure.RetryAfter, politely: false, effects);
    }

    private void OnFrame(TimeSpan now, SocketTraffic socket, PortalFrame frame, List<ChannelEffect> effects)
    {
        if (frame.Topic == Topics.Phoenix)
        {
            if (frame.Event == Events.Reply)
                socket.UnansweredHeartbeats = 0;
            return;
        }

        if (frame.Topic != _topic)
        {
            effects.Add(new SkipFrame(frame.Event, "another topic"));
            return;
        }

        switch (frame.Event)
        {
            case Events.Reply:
                OnReply(now, socket, frame, effects);
                break;
            case Events.Close:
                Fail(now, "The portal closed the channel.", null, politely: true, effects);
                break;
            case Events.Error:
                effects.Add(new SkipFrame(frame.Event, "carries nothing to act on"));
                break;
            case Events.Disconnect when IsTokenExpired(frame.Payload):
                End(new PortalFatal(FatalReason.TokenExpired, "The portal says that the token has expired."), effects);
                break;
            case Events.Disconnect:
                effects.Add(new SkipFrame(frame.Event, "unknown reason"));
                break;
            default:
                effects.Add(new PublishEvent(new PortalMessage(frame.Event, frame.Payload)));
                break;
        }
    }

    private void OnReply(TimeSpan now, SocketTraffic socket, PortalFrame frame, List<ChannelEffect> effects)
    {
        if (!ChannelEvents.TryReadReply(frame.Payload, out var reply))
        {
            effects.Add(new SkipFrame(frame.Event, "not a reply"));
            return;
        }

        if (State is Joining joining)
        {
            if (joining.JoinRef == frame.Ref)
                OnJoinReply(now, socket, reply, effects);
            else
                effects.Add(new SkipFrame(frame.Event, "older than the join"));
        }
        else if (reply is { Ok: false, Reason: "unmatched topic" })
        {
            // The portal lost the channel but kept the socket.
            Join(now, socket, effects);
        }
        else
        {
            effects.Add(new PublishEvent(new PortalReply(socket.EventOf(frame.Ref), reply.Ok, reply.Response)));
        }
    }

    private void OnJoinReply(TimeSpan now, SocketTraffic socket, ChannelReply reply, List<ChannelEffect> effects)
    {
        if (!reply.Ok)
        {
            End(new PortalFatal(FatalReason.LoginFailed, $"The portal refused the join: {reply.Reason ?? "no reason given"}."), effects);
            return;
        }

        if (!reply.IsJoinAcknowledgement)
        {
            effects.Add(new SkipFrame(Events.Reply, "a join is acknowledged by an empty object only"));
            return;
        }

        State = new Joined(socket.Attempt);
        _retry.Joined();
        socket.HeartbeatAt = now + _timings.HeartbeatInterval;
        effects.Add(new PublishEvent(new PortalJoined(socket.Attempt)));
        WriteNext(now, socket, effects);
    }

    private void WriteNext(TimeSpan now, SocketTraffic socket, List<ChannelEffect> effects)
    {
        if (socket.Writing)
            return;
        if (!socket.TryTakeControl(out var frame))
        {
            if (State is not Joined || !_queue.TryTake(out var message))
                return;
            frame = new PortalFrame(_topic, message.Event, socket.TakeRef(), message.Payload);
            socket.Remember(frame.Ref!.Value, frame.Event);
        }

        socket.Writing = true;
        socket.HeartbeatAt = now + _timings.HeartbeatInterval;
        effects.Add(new WriteFrame(socket.Attempt, frame));
    }

    private void Fail(TimeSpan now, string error, TimeSpan? retryAfter, bool politely, List<ChannelEffect> effects)
    {
        Release(politely, effects);
        if (_retry.Next(now, retryAfter) is not { } delay)
        {
            End(new PortalFatal(FatalReason.GaveUp, $"Gave up after {_retry.Limit}. Last error: {error}"), effects);
            return;
        }

        State = new Hiccup(now + delay, error);
        effects.Add(new PublishEvent(new PortalHiccup(delay, error, _retry.Limit)));
    }

    private void End(PortalFatal fatal, List<ChannelEffect> effects)
    {
        Release(politely: true, effects);
        _queue.Clear();
        State = new Closed(fatal);
        effects.Add(new PublishEvent(fatal));
    }

    /// <summary>Leaves the state as it is: the caller sets the next one.</summary>
    private void Release(bool politely, List<ChannelEffect> effects)
    {
        if (_live is { } attempt)
            effects.Add(new ReleaseSocket(attempt, politely));
        _live = null;
        _socket = null;
    }

    private static bool IsTokenExpired(ReadOnlyMemory<byte> payload) =>
        ChannelEvents.TryReadReason(payload, out var reason) && reason == "token_expired";
}
