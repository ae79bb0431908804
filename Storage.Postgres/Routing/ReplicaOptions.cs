using System.ComponentModel.DataAnnotations;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>Bounds of reading from replicas. Section <c>Replica</c>; without a replica they mean nothing.</summary>
public sealed class ReplicaOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Replica";

    /// <summary>The primary is asked for its position at most once in this time; an idle process asks at once. Default 40 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan BarrierPace { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a read waits for a replica that is behind, before the primary answers. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A replica for which a read has waited in vain is left alone for this time at least. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SkipTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often each replica is looked at, give or take a quarter. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
