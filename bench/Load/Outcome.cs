namespace Firezone.Bench.Load;

/// <summary>What came of a phase.</summary>
public sealed class Outcome
{
    /// <summary>Operations that ended well.</summary>
    public long Succeeded { get; internal set; }

    /// <summary>How long the phase took, to the end of its last operation.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Durations of the operations that ended well.</summary>
    public Histogram Latencies { get; } = new();

    /// <summary>Durations of heartbeats that devices sent besides.</summary>
    public Histogram Heartbeats { get; } = new();

    /// <summary>Operations that failed, and sockets that were lost, by why.</summary>
    public Tally Failures { get; } = new();

    /// <summary>Refused connects by status and code; a refusal with <c>Retry-After</c> is followed by another attempt and is no failure.</summary>
    public Tally Refusals { get; } = new();

    /// <summary>Operations that an open loop could not begin because no device was free.</summary>
    public long Skipped { get; internal set; }

    /// <summary>Operations per second.</summary>
    public double PerSecond => Elapsed > TimeSpan.Zero ? Succeeded / Elapsed.TotalSeconds : 0;

    internal long Failed { get; set; }

    internal long Ended => Succeeded + Failed;

    /// <summary>Adds another round of the same phase.</summary>
    public void Add(Outcome other)
    {
        Succeeded += other.Succeeded;
        Failed += other.Failed;
        Skipped += other.Skipped;
        Elapsed += other.Elapsed;
        Latencies.Add(other.Latencies);
        Heartbeats.Add(other.Heartbeats);
        Failures.Add(other.Failures);
        Refusals.Add(other.Refusals);
    }
}
