using System.Diagnostics;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>One attach of a session, at its join or again: its span and its place in the metrics.</summary>
internal readonly struct AttachMeasurement
{
    private readonly FrontEndMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly PeerKind _kind;
    private readonly bool _again;
    private readonly long _started;
    private readonly Activity? _span;

    /// <summary>Begins.</summary>
    internal AttachMeasurement(bool again, PeerKind kind, FrontEndMetrics metrics, TimeProvider time)
    {
        (_again, _kind, _metrics, _time) = (again, kind, metrics, time);
        _started = time.GetTimestamp();
        _span = FrontEndTraces.Begin(again ? "reattach" : "join", kind);
    }

    /// <summary>To be called once.</summary>
    /// <param name="status">Null: it did not work.</param>
    internal void End(AttachStatus? status)
    {
        var outcome = status switch
        {
            AttachStatus.Attached => "attached",
            AttachStatus.Superseded => "superseded",
            null => "failed",
            _ => "gone",
        };
        if (_again)
            _metrics.Reattached(_kind, outcome);
        else
            _metrics.Attached(_kind, _time.GetElapsedTime(_started), outcome);
        FrontEndTraces.End(_span, outcome, failed: status is null);
    }
}
