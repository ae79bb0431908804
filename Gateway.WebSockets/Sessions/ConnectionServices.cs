using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.Sessions;
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
    ILogger<Connection> logger,
    ISessionCalls? sessions = null)
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

    /// <summary>Calls a session's grain; for calls that may interleave with all others.</summary>
    internal Task Ask<TGrain>(TGrain grain, Guid device, string method, Func<TGrain, Task> call)
        where TGrain : class, IGrainWithGuidKey => sessions is null ? call(grain) : sessions.Ask(grain, device, method, call);

    /// <summary>The same for a call with a result.</summary>
    internal Task<T> Ask<TGrain, T>(TGrain grain, Guid device, string method, Func<TGrain, Task<T>> call)
        where TGrain : class, IGrainWithGuidKey => sessions is null ? call(grain) : sessions.Ask(grain, device, method, call);
}
