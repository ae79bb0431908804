using System.Diagnostics;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>A request for a flow that has not been answered.</summary>
/// <param name="Request">How it was asked for.</param>
/// <param name="ResourceId">What was asked for, if the answer is a push.</param>
/// <param name="Ref">Which reply is the answer, if it is one.</param>
/// <param name="Started">Time stamp.</param>
/// <param name="Span">Null if it is not traced.</param>
internal sealed record OpenFlow(FlowRequestKind Request, Guid ResourceId, string? Ref, long Started, Activity? Span)
{
    /// <summary>The one that was asked for next.</summary>
    internal OpenFlow? Next { get; set; }
}
