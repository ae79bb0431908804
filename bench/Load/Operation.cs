namespace Firezone.Bench.Load;

/// <summary>What a load socket is waiting for.</summary>
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
}
