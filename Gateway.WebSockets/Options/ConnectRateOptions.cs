namespace Firezone.Gateway.WebSockets.Options;

/// <summary>
/// The connect rate limit, per real address and credential, in the whole cluster: all front-ends need the same settings. Section
/// <c>FrontEnd:ConnectRate</c>.
/// </summary>
public sealed class ConnectRateOptions
{
    /// <summary>Whether connects are limited at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Largest burst, in connects. At least 1.</summary>
    public double Capacity { get; set; } = 1;

    /// <summary>Connects per second in the long run. More than 0.</summary>
    public double RefillPerSecond { get; set; } = 1;

    /// <summary>
    /// Longest wait for the rest of the cluster's word on a connect; then this process decides by what it knows itself. Default 0.5 s.
    /// </summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(0.5);
}
