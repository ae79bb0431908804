namespace Firezone.Gateway.WebSockets.Options;

/// <summary>
/// How fast one socket may send. A frame counts as one, be it a message, a fragment or a ping, and a join as ten; a socket that sends more is
/// read no faster. Section <c>FrontEnd:MessageRate</c>.
/// </summary>
public sealed class MessageRateOptions
{
    /// <summary>Frames of a client or relay per second, in the long run. Default 50.</summary>
    public int PerSecond { get; set; } = 50;

    /// <summary>Frames of a client or relay at once. Default 200.</summary>
    public int Burst { get; set; } = 200;

    /// <summary>Frames of a gateway per second: it answers the flows of all clients of its site. Default 5,000.</summary>
    public int GatewayPerSecond { get; set; } = 5_000;

    /// <summary>Frames of a gateway at once. Default 20,000.</summary>
    public int GatewayBurst { get; set; } = 20_000;
}
