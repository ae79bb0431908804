namespace Firezone.Edge.PortalClient.Retry;

/// <summary>How a channel spaces its attempts. The defaults are those of Firezone's devices.</summary>
public sealed record RetrySettings
{
    /// <summary>Delay between attempts until a join has succeeded once: constant, without jitter. Default 1 s.</summary>
    public TimeSpan FirstConnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to try until a join has succeeded once. Default 15 s: fail fast under a service manager.</summary>
    public TimeSpan FirstConnectLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>First delay after a join has succeeded. Default 0.5 s.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Growth of the delay with each failure. Default 1.5.</summary>
    public double Factor { get; init; } = 1.5;

    /// <summary>Largest nominal delay; jitter comes on top. Default 60 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Share of the nominal delay by which the actual one may be shorter or longer. Default 0.5.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>How long to go on after a join has succeeded, counted from the first failure since; null: for ever.</summary>
    public TimeSpan? PartitionLimit { get; init; }

    /// <summary>Shortest wait granted to a <c>Retry-After</c>, so that a zero cannot cause a tight loop. Default 1 s.</summary>
    public TimeSpan MinRetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait granted to a <c>Retry-After</c>. Default 5 min.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(5);
}
