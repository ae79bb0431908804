using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>How fast sockets of one kind may send frames, be they messages, fragments or pings.</summary>
internal sealed class MessageRate
{
    private readonly PeerKind _kind;
    private readonly FrontEndMetrics _metrics;

    internal MessageRate(PeerKind kind, MessageRateOptions options, FrontEndMetrics metrics, TimeProvider time)
    {
        _kind = kind;
        _metrics = metrics;
        var (perSecond, burst) = kind == PeerKind.Gateway
            ? (options.GatewayPerSecond, options.GatewayBurst)
            : (options.PerSecond, options.Burst);
        Share = Math.Max(1, time.TimestampFrequency / perSecond);
        Capacity = Share * burst;
    }

    /// <summary>Of one frame, in the units of timestamps.</summary>
    internal long Share { get; }

    /// <summary>Of all frames that may come at once.</summary>
    internal long Capacity { get; }

    /// <summary>A socket sends more than that.</summary>
    internal void Exceeded() => _metrics.Throttled(_kind);
}
