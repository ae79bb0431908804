using System.Net.WebSockets;
using System.Text;
using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Wire.Errors;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// One join of one socket: the session that a grain knows. Frames of the peer come in one at a time; everything else may be called from
/// any thread.
/// </summary>
internal abstract class Channel : ILocalSocket
{
    // Is never active: a session that is held by no grain for certain is found when those of lost silos are looked for.
    private const string NoSilo = "";

    private readonly ChannelOutput _output;
    private readonly OutstandingCalls _outstanding;
    private readonly DateTimeOffset _openedAt;
    private readonly Lock _gate = new();
    private Task<bool>? _reattaching;
    private volatile ReattachTurn? _turn;
    private volatile string? _silo;
    private volatile bool _lostMeanwhile;
    private volatile bool _ended;

    private protected Channel(Connection connection, in PhoenixFrame join, DateTimeOffset openedAt)
    {
        Connection = connection;
        _openedAt = openedAt;
        _output = new ChannelOutput(connection.Writer, connection.Version, join.Topic, join.JoinRef.ToArray(), Services.Options.Outbox);
        _outstanding = new OutstandingCalls(Services.Options.MaxOutstandingCalls);
    }

    /// <summary>
    /// Unique per join: a peer that joins again on the same socket is a new session. Those of a storm follow each other, so that their rows
    /// come to the end of the index.
    /// </summary>
    internal Guid SessionId { get; } = Guid.CreateVersion7();

    /// <summary>The silo of the session's grain; null before the first attach has succeeded and after the end.</summary>
    internal string? Silo => _ended ? null : _silo;

    private protected Connection Connection { get; }

    private protected ConnectionServices Services => Connection.Services;

    // Flows wait for their client and for their gateway. Which flows wait for a gateway is not known here.
    private bool IsAwaited => Connection.Kind == PeerKind.Gateway || _outstanding.Count > 0 || CountOpenFlows().Count > 0;

    /// <summary>Makes this session its device's current one.</summary>
    private protected abstract Task<AttachResult> AttachAsync(SessionRef session, Resume? resume);

    /// <summary>Tells the grain that this session's socket is gone. Idempotent.</summary>
    internal abstract Task DetachAsync();

    /// <summary>
    /// Handles a frame of the joined topic. Does not wait for grains; what must be kept of the frame is copied before it returns.
    /// </summary>
    internal abstract void Handle(in PhoenixFrame frame);

    /// <summary>Completes when the peer's next frame may be read.</summary>
    internal ValueTask WaitForRoomAsync() => _outstanding.WaitForRoomAsync();

    /// <summary>
    /// Attaches the session and answers the join. A failure closes the socket: an error reply would be final for the peer.
    /// </summary>
    internal async Task JoinAsync(ReadOnlyMemory<byte> joinRequestRef)
    {
        var began = Services.Admission.JoinBegan();
        var measured = new AttachMeasurement(again: false, Connection.Kind, Services.Metrics, Services.Time);
        var failed = true;
        try
        {
            var result = await AttachAsync(resume: null);
            Apply(result, joinRequestRef);
            measured.End(result.Status);
            failed = false;
        }
        catch (Exception)
        {
            measured.End(status: null);
            // Reported by the caller of the grain. The peer reconnects and builds everything anew.
            Connection.Close(WebSocketCloseStatus.InternalServerError);
        }
        finally
        {
            Services.Admission.JoinEnded(began, failed && !_ended);
        }
    }

    /// <summary>
    /// Attaches the live session again after its grain was lost; the peer notices nothing but what has changed meanwhile. False: it did
    /// not work and is to be tried again. Concurrent calls share one attempt.
    /// </summary>
    internal Task<bool> ReattachAsync()
    {
        lock (_gate)
        {
            if (_ended || _silo is null)
                return Task.FromResult(true);
            if (_reattaching is null or { IsCompleted: true })
                _reattaching = Task.Run(ReattachCoreAsync);
            return _reattaching;
        }
    }

    /// <summary>Whether an attach of the live session is under way.</summary>
    internal bool IsReattaching
    {
        get
        {
            lock (_gate)
                return _reattaching is { IsCompleted: false };
        }
    }

    /// <summary>The session's activation has ended.</summary>
    internal void Lost()
    {
        // Perhaps the one that takes the session just now.
        _lostMeanwhile = IsReattaching;
        _ = ReattachAsync();
    }

    /// <inheritdoc />
    public void Push(long sequence, string eventName, byte[] payload, ulong viewHash)
    {
        if (_ended)
        {
            Services.Metrics.PushDropped();
            return;
        }

        CloseUnless(_output.Push(sequence, eventName, payload, viewHash));
        Pushed(eventName, payload);
    }

    /// <summary>Attaches the session again if a push before this number has not come.</summary>
    internal void CheckPushes(long next)
    {
        if (!_output.IsBehind(next))
            return;
        Services.Metrics.PushLost();
        _ = ReattachAsync();
    }

    /// <summary>Ends what has waited for too long. Called about once a second.</summary>
    internal virtual void Sweep()
    {
    }

    internal void Push(SharedPush push) => CloseUnless(_output.Push(push));

    internal void Reply(string requestRef, bool ok, ReadOnlySpan<byte> response) => Reply(Encoding.UTF8.GetBytes(requestRef), ok, response);

    /// <summary>Ends the socket on the grain's behalf.</summary>
    internal void Close(CloseReason reason)
    {
        // The peer has joined again or left meanwhile: the socket is no longer this session's to end.
        if (_ended)
            return;

        switch (reason)
        {
            case CloseReason.Superseded:
                Connection.Close(WebSocketCloseStatus.NormalClosure);
                break;
            case CloseReason.DeviceDeleted:
                End(phxClose: true);
                Connection.Close(WebSocketCloseStatus.NormalClosure);
                break;
            default:
                Connection.Close(WebSocketCloseStatus.InternalServerError);
                break;
        }
    }

    /// <summary>What operators are shown of this session.</summary>
    internal SocketState Describe()
    {
        var (flows, oldest) = CountOpenFlows();
        return Connection.Describe() with
        {
            WaitingPushes = _output.Waiting,
            CallsUnderWay = _outstanding.Count,
            OpenFlows = flows,
            OldestFlow = oldest,
            Silo = Silo is { Length: > 0 } silo ? silo : null,
        };
    }

    /// <summary>Stops all output of this session. Idempotent.</summary>
    internal virtual void End(bool phxClose)
    {
        _ended = true;
        _output.End(phxClose);
    }

    /// <summary>
    /// Starts a call to the grain in the order of the peer's frames and lets it run. If the silo is lost on the way, the session is
    /// attached again and the call repeated once.
    /// </summary>
    private protected void Call(Func<Task> call, Action? onFailure = null)
    {
        _outstanding.Enter();
        if (_turn is { } turn)
            Services.Reattaches.Hurry(turn);
        _ = RunAsync(call, onFailure);
    }

    /// <summary>The same for a request: the result becomes the reply, a failure becomes <paramref name="onFailure"/>.</summary>
    private protected void CallForReply(in PhoenixFrame request, Func<Task<RequestReply?>> call, RequestReply onFailure)
    {
        var requestRef = request.Ref.ToArray();
        Call(
            async () =>
            {
                if (await call() is { } reply)
                    Reply(requestRef, reply.Ok, reply.Response);
            },
            () => Reply(requestRef, onFailure.Ok, onFailure.Response));
    }

    /// <summary>How many flows wait for an answer, and for how long the oldest of them.</summary>
    private protected virtual (int Count, TimeSpan? Oldest) CountOpenFlows() => default;

    /// <summary>A push is in the outbox.</summary>
    private protected virtual void Pushed(string eventName, ReadOnlySpan<byte> payload)
    {
    }

    /// <summary>An answer to a request is in the outbox.</summary>
    private protected virtual void Replied(ReadOnlySpan<byte> requestRef, bool ok, ReadOnlySpan<byte> response)
    {
    }

    private protected void ReplyError(in PhoenixFrame request, ReadOnlyMemory<byte> response) =>
        CloseUnless(_output.Reply(request.Ref.Span, false, response.Span));

    private protected void ReplyUnknown(in PhoenixFrame request) => ReplyError(request, ErrorResponses.UnknownMessage);

    private void Reply(byte[] requestRef, bool ok, ReadOnlySpan<byte> response)
    {
        CloseUnless(_output.Reply(requestRef, ok, response));
        Replied(requestRef, ok, response);
    }

    private Task<AttachResult> AttachAsync(Resume? resume)
    {
        var limit = Services.Options.AttachTimeout;
        return Services.Calls.RetryAsync(() => AttemptAsync(resume), attempt: limit / 2, total: limit, _ => !_ended);
    }

    private async Task<AttachResult> AttemptAsync(Resume? resume)
    {
        var session = new SessionRef(SessionId, Services.Identity.Id, Services.Identity.Observer, _openedAt);
        var result = await AttachAsync(session, resume);

        // The socket has ended while the call was under way, so the grain may hear of the end before the beginning. Also when the wait
        // for this attempt was given up long ago.
        if (_ended && result.Status == AttachStatus.Attached)
            Services.Detaches.Add(this);
        return result;
    }

    private async Task<bool> ReattachCoreAsync()
    {
        _output.Hold();
        var measured = new AttachMeasurement(again: true, Connection.Kind, Services.Metrics, Services.Time);
        var turn = _turn = Services.Reattaches.Enter();
        if (IsAwaited)
            Services.Reattaches.Hurry(turn);
        await turn.Task;
        try
        {
            string? before;
            AttachResult result;
            do
            {
                if (_ended)
                    return true;
                (before, _lostMeanwhile) = (_silo, false);
                result = await AttachAsync(new Resume(_output.ViewHash));
                Services.Motion.NoteMove();
                Apply(result, joinRequestRef: null);
            }
            while (_lostMeanwhile && _silo == before); // A silo that leaves has taken it once more. Elsewhere, what was lost is the earlier one.

            measured.End(result.Status);
            return true;
        }
        catch (Exception)
        {
            measured.End(status: null);
            _silo = NoSilo;
            CloseUnless(_output.Release(null, null, null, null));
            return false;
        }
        finally
        {
            _turn = null;
            Services.Reattaches.Leave(turn);
        }
    }

    private void Apply(AttachResult result, ReadOnlyMemory<byte>? joinRequestRef)
    {
        switch (result.Status)
        {
            case AttachStatus.Attached:
                _silo = result.Silo;
                CloseUnless(_output.Release(joinRequestRef, result.Init, result.ViewHash, result.FirstPush));
                break;
            case AttachStatus.Superseded:
                Close(CloseReason.Superseded);
                break;
            default:
                Close(CloseReason.DeviceDeleted);
                break;
        }
    }

    private async Task RunAsync(Func<Task> call, Action? onFailure)
    {
        var limit = Services.Options.CallTimeout;
        try
        {
            try
            {
                await call().WaitAsync(limit, Services.Time);
            }
            catch (Exception e) when (GrainFaults.IsTransient(e) && !_ended)
            {
                if (e is not SessionLostException)
                {
                    Services.Calls.Report(e);
                    await Task.Delay(GrainCalls.NextPause(), Services.Time);
                }

                await ReattachAsync();
                await call().WaitAsync(limit, Services.Time);
            }
        }
        catch (Exception e)
        {
            Services.Calls.Report(e);
            if (!_ended)
                onFailure?.Invoke();
        }
        finally
        {
            _outstanding.Leave();
        }
    }

    private void CloseUnless(bool fits)
    {
        if (!fits)
            Connection.Close(WebSocketCloseStatus.InternalServerError, discard: true);
    }
}
