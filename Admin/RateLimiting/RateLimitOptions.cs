namespace Firezone.Admin.RateLimiting;

/// <summary>A bucket per account; of an operator, per token. Each process counts for itself.</summary>
public sealed class RateLimitOptions
{
    /// <summary>What a full bucket holds. Default 200.</summary>
    public int Capacity { get; set; } = 200;

    /// <summary>What flows in per second. Default 10.</summary>
    public double RefillPerSecond { get; set; } = 10;

    /// <summary>What a request takes; 0 switches the limit off. Default 10.</summary>
    public int Cost { get; set; } = 10;
}
