namespace Firezone.Gateway.WebSockets.Options;

/// <summary>The connect rate limit, per real address and credential. Section <c>FrontEnd:ConnectRate</c>.</summary>
public sealed class ConnectRateOptions
{
    /// <summary>Whether connects are limited at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Largest burst, in connects. At least 1.</summary>
    public double Capacity { get; set; } = 1;

    /// <summary>Connects per second in the long run. More than 0.</summary>
    public double RefillPerSecond { get; set; } = 1;
}
