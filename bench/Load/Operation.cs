namespace Firezone.Bench.Load;

/// <summary>What a device waits for; one thing at a time, as real ones do.</summary>
internal enum Operation
{
    /// <summary>Nothing: it idles.</summary>
    None,

    /// <summary>The answer to the upgrade, the join's reply, then <c>init</c>.</summary>
    Connect,

    /// <summary>The reply to a heartbeat.</summary>
    Heartbeat,

    /// <summary>The push <c>flow_created</c>.</summary>
    Flow,

    /// <summary>The server's Close frame, or the end of the connection.</summary>
    Close,
}
