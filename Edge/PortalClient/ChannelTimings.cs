namespace Firezone.Edge.PortalClient;

/// <summary>The time limits of a portal channel; the defaults are those of Firezone's own devices.</summary>
public sealed record ChannelTimings
{
    /// <summary>How long TCP, TLS and the HTTP upgrade may take together. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the portal may take to acknowledge a join. Default 5 s.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A heartbeat is sent when nothing has been sent for this long. Default 30 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many heartbeats in a row may stay unanswered; when the next one falls due after that, the portal counts as gone. Default 3.
    /// </summary>
    public int UnansweredHeartbeats { get; init; } = 3;
}
