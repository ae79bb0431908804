using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Operations;

/// <summary>How to take a process out of service.</summary>
public sealed record StartDrain
{
    /// <summary>Sessions moved per second; without it and <c>duration</c> the process takes its own pace.</summary>
    [Range(0.1, 100_000, ErrorMessage = "must be 0.1 to 100000 sessions per second")]
    public double? Rate { get; init; }

    /// <summary>Seconds that it takes, instead of a rate.</summary>
    [Range(0, 3600, ErrorMessage = "must be 0 to 3600 seconds")]
    public int? Duration { get; init; }

    /// <summary>Also when there is no other one to take over.</summary>
    public bool Force { get; init; }
}
