namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>How a client may ask for a flow.</summary>
internal enum FlowRequestKind
{
    /// <summary><c>create_flow</c>, answered by a push.</summary>
    CreateFlow = 0,

    /// <summary><c>request_connection</c>, answered by a reply.</summary>
    RequestConnection = 1,

    /// <summary><c>reuse_connection</c>, answered by a reply.</summary>
    ReuseConnection = 2,
}
