using System.Diagnostics;
using Firezone.Gateway.WebSockets.Sessions;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>
/// The spans that traces begin with: <c>connect</c>, <c>join</c>, <c>reattach</c> and those of flows, named like their request. Nothing is
/// made while nobody listens. No span tells a token, a key or an address.
/// </summary>
internal static class FrontEndTraces
{
    /// <summary>The source's name.</summary>
    internal const string SourceName = "Firezone.FrontEnd";

    private const string KindTag = "firezone.peer.kind";
    private const string OutcomeTag = "firezone.outcome";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Begins a trace. Whatever is current is not its parent: that would be the request that the socket began with, and a header of the
    /// peer's would decide what is sampled.
    /// </summary>
    /// <param name="name">Of the span.</param>
    /// <param name="kind">Of the peer.</param>
    /// <returns>The span, now the current one; null if nobody listens.</returns>
    internal static Activity? Begin(string name, PeerKind kind)
    {
        if (!Source.HasListeners())
            return null;

        var outer = Activity.Current;
        Activity.Current = null;
        var activity = Source.StartActivity(name, ActivityKind.Server);
        if (activity is null)
            Activity.Current = outer;
        else if (activity.IsAllDataRequested)
            activity.SetTag(KindTag, Name(kind));
        return activity;
    }

    /// <summary>Ends a span, on whatever thread, and leaves the current one as it is unless it is this.</summary>
    internal static void End(Activity? activity, string outcome, bool failed = false)
    {
        if (activity is null)
            return;

        activity.SetTag(OutcomeTag, outcome);
        if (failed)
            activity.SetStatus(ActivityStatusCode.Error);
        var current = Activity.Current;
        activity.Dispose();
        Activity.Current = ReferenceEquals(current, activity) ? null : current;
    }

    private static string Name(PeerKind kind) => kind switch
    {
        PeerKind.Client => "client",
        PeerKind.Gateway => "gateway",
        _ => "relay",
    };
}
