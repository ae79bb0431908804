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

    private readonly UpDownCounter<int> sessions;
    private readonly Counter<long> connects;
    private readonly Counter<long> refusals;
    private readonly Counter<long> framesReceived;
    private readonly Counter<long> framesSent;
    private readonly Counter<long> bytesReceived;
    private readonly Counter<long> bytesSent;
    private readonly Counter<long> closes;
    private readonly Counter<long> reattaches;
    private readonly Counter<long> droppedPushes;

    /// <summary>Creates the instruments.</summary>
    public FrontEndMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        sessions = meter.CreateUpDownCounter<int>("firezone.frontend.sessions", "{session}", "Open sockets.");
        connects = meter.CreateCounter<long>("firezone.frontend.connects", "{connect}", "Connects by outcome.");
        refusals = meter.CreateCounter<long>("firezone.frontend.refusals", "{connect}", "Refused connects by code.");
        framesReceived = meter.CreateCounter<long>("firezone.frontend.frames.received", "{frame}");
        framesSent = meter.CreateCounter<long>("firezone.frontend.frames.sent", "{frame}");
        bytesReceived = meter.CreateCounter<long>("firezone.frontend.bytes.received", "By");
        bytesSent = meter.CreateCounter<long>("firezone.frontend.bytes.sent", "By");
        closes = meter.CreateCounter<long>("firezone.frontend.closes", "{session}", "Ended sockets by WebSocket close code.");
        reattaches = meter.CreateCounter<long>("firezone.frontend.reattaches", "{session}", "Sessions attached again after a silo left.");
        droppedPushes = meter.CreateCounter<long>("firezone.frontend.pushes.dropped", "{push}", "Pushes for sessions that are gone.");
    }

    internal void SessionOpened(PeerKind kind)
    {
        sessions.Add(1, Kind(kind));
        connects.Add(1, Kind(kind), new KeyValuePair<string, object?>("outcome", "admitted"));
    }

    internal void SessionClosed(PeerKind kind, int code)
    {
        sessions.Add(-1, Kind(kind));
        closes.Add(1, Kind(kind), new KeyValuePair<string, object?>("code", code));
    }

    internal void Refused(PeerKind kind, string code, bool failed)
    {
        connects.Add(1, Kind(kind), new KeyValuePair<string, object?>("outcome", failed ? "failed" : "refused"));
        refusals.Add(1, new KeyValuePair<string, object?>("code", code));
    }

    internal void Received(int bytes)
    {
        framesReceived.Add(1);
        bytesReceived.Add(bytes);
    }

    internal void Sent(int bytes)
    {
        framesSent.Add(1);
        bytesSent.Add(bytes);
    }

    internal void Reattached(string outcome) => reattaches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void PushDropped() => droppedPushes.Add(1);

    private static KeyValuePair<string, object?> Kind(PeerKind kind) => new("kind", kind switch
    {
        PeerKind.Client => "client",
        PeerKind.Gateway => "gateway",
        _ => "relay",
    });
}
