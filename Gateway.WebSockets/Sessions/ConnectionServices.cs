using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Wire.Frames;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>What all sockets of the process share; one reference per socket instead of eight.</summary>
internal sealed class ConnectionServices(
    IOptions<FrontEndOptions> options,
    SessionRegistry registry,
    GrainCalls calls,
    DetachQueue detaches,
    FrontEndIdentity identity,
    FrontEndMetrics metrics,
    TimeProvider time,
    ILogger<Connection> logger)
{
    internal FrontEndOptions Options { get; } = options.Value;

    internal FrameLimits FrameLimits { get; } = new(options.Value.MaxFrameBytes, options.Value.MaxFrameDepth);

    internal SessionRegistry Registry => registry;

    internal GrainCalls Calls => calls;

    internal DetachQueue Detaches => detaches;

    internal FrontEndIdentity Identity => identity;

    internal FrontEndMetrics Metrics => metrics;

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;
}
