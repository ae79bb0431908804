namespace Firezone.Gateway.WebSockets.Options;

/// <summary>
/// How many connects this process takes on at a time and per second. The numbers are upper bounds: it takes on fewer while connects are slow
/// or fail. Section <c>FrontEnd:Admission</c>.
/// </summary>
public sealed class AdmissionOptions
{
    /// <summary>Most connects and joins under way. Default 1,000.</summary>
    public int MaxUnderWay { get; set; } = 1_000;

    /// <summary>So many may be under way however slow they are. Default 64.</summary>
    public int MinUnderWay { get; set; } = 64;

    /// <summary>Most connects per second. Default 2,500 per processor.</summary>
    public int MaxPerSecond { get; set; } = 2_500 * Environment.ProcessorCount;

    /// <summary>
    /// Connects and joins that take longer than this on average, and three times as long as they do at best, are too many at once. Roughly
    /// how long a storm may delay the messages of established sessions. Default 100 ms.
    /// </summary>
    public TimeSpan TargetLatency { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest <c>Retry-After</c>, in seconds. Default 30.</summary>
    public int MaxRetryAfter { get; set; } = 30;
}
