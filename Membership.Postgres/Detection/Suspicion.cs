namespace Firezone.Membership.Postgres.Detection;

/// <summary>One case against a silo.</summary>
internal sealed class Suspicion(long id, Peer peer, TimeSpan began, Backoff backoff)
{
    public long Id { get; } = id;

    public Peer Peer { get; } = peer;

    public TimeSpan Began { get; } = began;

    /// <summary>Between attempts to write the row.</summary>
    public Backoff Backoff { get; } = backoff;

    public SuspicionCause Cause { get; set; }

    /// <summary>Time of the release, or of the last sign of life.</summary>
    public TimeSpan Evidence { get; set; }

    /// <summary><see cref="Peer.HeardCount"/> at <see cref="Evidence"/>.</summary>
    public long HeardAtEvidence { get; set; }

    /// <summary><see cref="Peer.HeardCount"/> when the last probe began.</summary>
    public long HeardAtProbe { get; set; }

    public TimeSpan ProbeBegan { get; set; }

    /// <summary>Probes without an answer that took too long to be believed.</summary>
    public int SlowProbes { get; set; }

    public SuspicionPhase Phase { get; set; }

    /// <summary>When to probe (again), in the phases that wait.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>The lock was released during the probe: an answer decides nothing.</summary>
    public bool ReleasedDuringProbe { get; set; }

    /// <summary>The lock was lost, but something listens there or nobody can tell: the heartbeats decide.</summary>
    public bool LeftToHeartbeats { get; set; }

    public SiloId? AskedForOpinion { get; set; }

    /// <summary>Asked in this round without getting an opinion.</summary>
    public List<SiloId> WithoutOpinion { get; } = [];

    public bool VouchedNoted { get; set; }

    public bool NoOpinionNoted { get; set; }

    public bool HeardSinceEvidence => Peer.HeardCount > HeardAtEvidence;

    public bool HeardSinceProbe => Peer.HeardCount > HeardAtProbe;

    public void WaitUntil(TimeSpan due)
    {
        Phase = SuspicionPhase.Waiting;
        Due = due;
    }
}
