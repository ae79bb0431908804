using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Sessions;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>The meter <c>Firezone.FrontEnd</c>; <c>docs/metrics.md</c> has its instruments. A measurement allocates nothing.</summary>
public sealed class FrontEndMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Firezone.FrontEnd";

    private static readonly KeyValuePair<string, object?>[] Kinds = [Tag("kind", "client"), Tag("kind", "gateway"), Tag("kind", "relay")];
    private static readonly KeyValuePair<string, object?>[] Requests =
        [Tag("request", "create_flow"), Tag("request", "request_connection"), Tag("request", "reuse_connection")];
    private static readonly KeyValuePair<string, object?> Admitted = Tag("outcome", "admitted");
    private static readonly KeyValuePair<string, object?> RefusedOutcome = Tag("outcome", "refused");
    private static readonly KeyValuePair<string, object?> Failed = Tag("outcome", "failed");
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly UpDownCounter<int> _sessions;
    private readonly Counter<long> _connects;
    private readonly Histogram<double> _connectTime;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _framesReceived;
    private readonly Counter<long> _framesSent;
    private readonly Counter<long> _bytesReceived;
    private readonly Counter<long> _bytesSent;
    private readonly Counter<long> _heartbeats;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _throttled;
    private readonly Counter<long> _brokenHandshakes;
    private readonly Counter<long> _pausedAccepts;
    private readonly Histogram<double> _attachTime;
    private readonly Counter<long> _reattaches;
    private readonly Counter<long> _droppedPushes;
    private readonly Counter<long> _lostPushes;
    private readonly Histogram<int> _outbox;
    private readonly Histogram<double> _flowTime;

    /// <summary>Creates the instruments.</summary>
    public FrontEndMetrics(IMeterFactory meters, TimeProvider? time = null)
    {
        Figures = new FrontEndFigures(time ?? TimeProvider.System);
        var meter = meters.Create(MeterName);
        var seconds = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        _sessions = meter.CreateUpDownCounter<int>("firezone.frontend.sessions", "{session}", "Open sockets.");
        _connects = meter.CreateCounter<long>("firezone.frontend.connects", "{connect}", "Connects by outcome.");
        _connectTime = meter.CreateHistogram(
            "firezone.frontend.connect.duration", "s", "Time until the cluster has decided on a connect.", advice: seconds);
        _refusals = meter.CreateCounter<long>("firezone.frontend.refusals", "{connect}", "Refused connects by code.");
        _framesReceived = meter.CreateCounter<long>("firezone.frontend.frames.received", "{frame}", "Text messages of peers.");
        _framesSent = meter.CreateCounter<long>("firezone.frontend.frames.sent", "{frame}", "Text messages to peers.");
        _bytesReceived = meter.CreateCounter<long>("firezone.frontend.bytes.received", "By", "Their size without WebSocket headers.");
        _bytesSent = meter.CreateCounter<long>("firezone.frontend.bytes.sent", "By", "Their size without WebSocket headers.");
        _heartbeats = meter.CreateCounter<long>("firezone.frontend.heartbeats", "{heartbeat}", "Heartbeats that were answered.");
        _closes = meter.CreateCounter<long>("firezone.frontend.closes", "{session}", "Ended sockets by WebSocket close code.");
        _throttled = meter.CreateCounter<long>("firezone.frontend.sessions.throttled", "{time}", "How often a socket sent more than its rate.");
        _brokenHandshakes = meter.CreateCounter<long>(
            "firezone.frontend.handshakes.broken", "{connection}", "Connections ended because they sent no request that can be read.");
        _pausedAccepts = meter.CreateCounter<long>(
            "firezone.frontend.accepts.paused", "{time}", "How often connections waited because the process had hardly a descriptor left.");
        _attachTime = meter.CreateHistogram(
            "firezone.frontend.attach.duration", "s", "Time to make a joined session its device's current one.", advice: seconds);
        _reattaches = meter.CreateCounter<long>("firezone.frontend.reattaches", "{session}", "Sessions attached again after a silo left.");
        _lostPushes = meter.CreateCounter<long>("firezone.frontend.pushes.lost", "{session}", "Sessions attached again because a push never came.");
        _droppedPushes = meter.CreateCounter<long>("firezone.frontend.pushes.dropped", "{push}", "Pushes for sessions that are gone.");
        _outbox = meter.CreateHistogram(
            "firezone.frontend.outbox.depth",
            "{frame}",
            "Frames that wait for one socket, of each where any do, once a second.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
        _flowTime = meter.CreateHistogram(
            "firezone.frontend.flow.duration", "s", "Time from a client's request for a flow to the answer in its outbox.", advice: seconds);
    }

    /// <summary>Of the last minute.</summary>
    internal FrontEndFigures Figures { get; }

    /// <summary>Whether anybody wants to know of <see cref="OutboxDepth"/>.</summary>
    internal bool WantsOutboxDepth => _outbox.Enabled;

    internal void SessionOpened(PeerKind kind)
    {
        Figures.Opened(kind);
        _sessions.Add(1, Kinds[(int)kind]);
        _connects.Add(1, Kinds[(int)kind], Admitted);
    }

    internal void SessionClosed(PeerKind kind, int code)
    {
        Figures.Closed(kind);
        _sessions.Add(-1, Kinds[(int)kind]);
        _closes.Add(1, Kinds[(int)kind], CloseCodes.Tag(code));
    }

    internal void Throttled(PeerKind kind) => _throttled.Add(1, Kinds[(int)kind]);

    /// <param name="reason">One of a small fixed set of words.</param>
    internal void HandshakeBroken(string reason) => _brokenHandshakes.Add(1, Tag("reason", reason));

    internal void AcceptsPaused() => _pausedAccepts.Add(1);

    internal void Refused(PeerKind kind, string code, bool failed)
    {
        Figures.Refused(code);
        _connects.Add(1, Kinds[(int)kind], failed ? Failed : RefusedOutcome);
        _refusals.Add(1, Tag("code", code));
    }

    internal void Decided(PeerKind kind, TimeSpan took, bool? admitted) => _connectTime.Record(
        took.TotalSeconds, Kinds[(int)kind], admitted is { } decision ? decision ? Admitted : RefusedOutcome : Failed);

    internal void Received(int bytes)
    {
        _framesReceived.Add(1);
        _bytesReceived.Add(bytes);
    }

    internal void Sent(int bytes)
    {
        _framesSent.Add(1);
        _bytesSent.Add(bytes);
    }

    internal void Heartbeat() => _heartbeats.Add(1);

    /// <param name="kind">The peer's.</param>
    /// <param name="took">Retries included.</param>
    /// <param name="outcome">One of a small fixed set of words.</param>
    internal void Attached(PeerKind kind, TimeSpan took, string outcome) =>
        _attachTime.Record(took.TotalSeconds, Kinds[(int)kind], Tag("outcome", outcome));

    internal void Reattached(PeerKind kind, string outcome) => _reattaches.Add(1, Kinds[(int)kind], Tag("outcome", outcome));

    internal void PushLost() => _lostPushes.Add(1);

    internal void PushDropped() => _droppedPushes.Add(1);

    internal void OutboxDepth(int frames) => _outbox.Record(frames);

    /// <param name="request">What was asked.</param>
    /// <param name="outcome">One of a small fixed set of words.</param>
    /// <param name="took">Until the answer was queued.</param>
    internal void FlowAnswered(FlowRequestKind request, string outcome, TimeSpan took)
    {
        Figures.FlowAnswered(outcome);
        _flowTime.Record(took.TotalSeconds, Requests[(int)request], Tag("outcome", outcome));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
