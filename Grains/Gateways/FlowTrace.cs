using System.Diagnostics;
using Firezone.Grains.Changes;

namespace Firezone.Grains.Gateways;

/// <summary>
/// Keeps what is done for a flow in its trace although the gateway's answer arrives in another one.
/// </summary>
internal static class FlowTrace
{
    private static readonly ActivitySource Source = new(GrainsMetrics.MeterName);

    /// <summary>The flow is being answered; null unless it is traced.</summary>
    internal static Activity? Answer(PendingFlow flow)
    {
        if (flow.Cause is not { Recorded: true } cause)
            return null;

        ActivityLink[]? links = Activity.Current is { } current && current.TraceId != cause.TraceId ? [new(current.Context)] : null;
        return Source.StartActivity("answer flow", ActivityKind.Internal, cause.Context, links: links);
    }
}
