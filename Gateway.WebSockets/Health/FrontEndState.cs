namespace Firezone.Gateway.WebSockets.Health;

/// <summary>Whether this process takes new sockets.</summary>
public enum FrontEndState
{
    /// <summary>The cluster has not answered yet, or not for longer than a lease.</summary>
    Starting = 0,

    /// <summary>New sockets are welcome.</summary>
    Ready = 1,

    /// <summary>An orderly stop is under way. Final.</summary>
    Draining = 2,

    /// <summary>An operator has taken the process out of service; it may come back.</summary>
    Held = 3,
}
