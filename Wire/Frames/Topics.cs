namespace Firezone.Wire.Frames;

/// <summary>Channel topics. A peer joins the one named after its role; heartbeats go to <see cref="Phoenix"/>.</summary>
public static class Topics
{
    /// <summary>Channel of a client.</summary>
    public const string Client = "client";

    /// <summary>Channel of a gateway.</summary>
    public const string Gateway = "gateway";

    /// <summary>Channel of a relay.</summary>
    public const string Relay = "relay";

    /// <summary>The socket itself: heartbeats, which work before any join.</summary>
    public const string Phoenix = "phoenix";
}
