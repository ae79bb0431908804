using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Wire.Frames;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>What all sockets of the process share; one reference per socket instead of ten.</summary>
internal sealed class ConnectionServices(
    IOptions<FrontEndOptions> options,
    SessionRegistry registry,
    ConnectAdmission admission,
    GrainCalls calls,
    ClusterMotion motion,
    DetachQueue detaches,
    ReattachTurns reattaches,
    FrontEndIdentity identity,
    FrontEndMetrics metrics,
    TimeProvider time,
    ILogger<Connection> logger)
{
    internal FrontEndOptions Options { get; } = options.Value;

    internal FrameLimits FrameLimits { get; } = new(options.Value.MaxFrameBytes, options.Value.MaxFrameDepth);

    /// <summary>By kind.</summary>
    internal MessageRate[] MessageRates { get; } =
        [.. Enum.GetValues<PeerKind>().Select(kind => new MessageRate(kind, options.Value.MessageRate, metrics, time))];

    internal SessionRegistry Registry => registry;

    internal ConnectAdmission Admission => admission;

    internal GrainCalls Calls => calls;

    internal ClusterMotion Motion => motion;

    internal DetachQueue Detaches => detaches;

    internal ReattachTurns Reattaches => reattaches;

    internal FrontEndIdentity Identity => identity;

    internal FrontEndMetrics Metrics => metrics;

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;
}
