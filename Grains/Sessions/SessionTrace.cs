using System.Diagnostics;
using Firezone.Grains.Changes;

namespace Firezone.Grains.Sessions;

/// <summary>Spans of calls that are no messages, named as those of messages are.</summary>
internal static class SessionTrace
{
    private static readonly ActivitySource Source = new(GrainsMetrics.MeterName);

    /// <summary>The call begins; null unless its caller is traced.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="cause">The caller's span, which may have ended: turns do not inherit what flows with their caller.</param>
    internal static Activity? Begin<TGrain>(string method, Activity? cause) => cause is { Recorded: true }
        ? Source.StartActivity($"{typeof(TGrain).Name}/{method}", ActivityKind.Internal, cause.Context)
        : null;
}
