using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Sessions;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>
/// The meter <c>Firezone.FrontEnd</c>. Instruments: <c>firezone.frontend.sessions</c> (tag kind), <c>….connects</c> (kind, outcome:
/// admitted, refused, failed), <c>….refusals</c> (code), <c>….frames.received</c>, <c>….frames.sent</c>, <c>….bytes.received</c>,
/// <c>….bytes.sent</c> (text messages, without WebSocket headers), <c>….closes</c> (kind, code, where 1006 is a socket that just broke),
/// <c>….reattaches</c> (outcome), <c>….pushes.dropped</c> (for sessions that are gone).
/// </summary>
public sealed class FrontEndMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Firezone.FrontEnd";

    private readonly UpDownCounter<int> _sessions;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _framesReceived;
    private readonly Counter<long> _framesSent;
    private readonly Counter<long> _bytesReceived;
    private readonly Counter<long> _bytesSent;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _reattaches;
    private readonly Counter<long> _droppedPushes;

    /// <summary>Creates the instruments.</summary>
    public FrontEndMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _sessions = meter.CreateUpDownCounter<int>("firezone.frontend.sessions", "{session}", "Open sockets.");
        _connects = meter.CreateCounter<long>("firezone.frontend.connects", "{connect}", "Connects by outcome.");
        _refusals = meter.CreateCounter<long>("firezone.frontend.refusals", "{connect}", "Refused connects by code.");
        _framesReceived = meter.CreateCounter<long>("firezone.frontend.frames.received", "{frame}");
        _framesSent = meter.CreateCounter<long>("firezone.frontend.frames.sent", "{frame}");
        _bytesReceived = meter.CreateCounter<long>("firezone.frontend.bytes.received", "By");
        _bytesSent = meter.CreateCounter<long>("firezone.frontend.bytes.sent", "By");
        _closes = meter.CreateCounter<long>("firezone.frontend.closes", "{session}", "Ended sockets by WebSocket close code.");
        _reattaches = meter.CreateCounter<long>("firezone.frontend.reattaches", "{session}", "Sessions attached again after a silo left.");
        _droppedPushes = meter.CreateCounter<long>("firezone.frontend.pushes.dropped", "{push}", "Pushes for sessions that are gone.");
    }

    internal void SessionOpened(PeerKind kind)
    {
        _sessions.Add(1, Kind(kind));
        _connects.Add(1, Kind(kind), new KeyValuePair<string, object?>("outcome", "admitted"));
    }

    internal void SessionClosed(PeerKind kind, int code)
    {
        _sessions.Add(-1, Kind(kind));
        _closes.Add(1, Kind(kind), new KeyValuePair<string, object?>("code", code));
    }

    internal void Refused(PeerKind kind, string code, bool failed)
    {
        _connects.Add(1, Kind(kind), new KeyValuePair<string, object?>("outcome", failed ? "failed" : "refused"));
        _refusals.Add(1, new KeyValuePair<string, object?>("code", code));
    }

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

    internal void Reattached(string outcome) => _reattaches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void PushDropped() => _droppedPushes.Add(1);

    private static KeyValuePair<string, object?> Kind(PeerKind kind) => new("kind", kind switch
    {
        PeerKind.Client => "client",
        PeerKind.Gateway => "gateway",
        _ => "relay",
    });
}
