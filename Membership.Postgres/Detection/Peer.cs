namespace Firezone.Membership.Postgres.Detection;

/// <summary>What is known of one silo, self included.</summary>
internal sealed class Peer(SiloId id)
{
    public SiloId Id { get; } = id;

    public MemberStatus Status { get; set; }

    /// <summary>Place in the ring of the current view.</summary>
    public int Index { get; set; }

    /// <summary>Null: never. Then it may be a silo that sends no heartbeats at all.</summary>
    public TimeSpan? LastHeard { get; set; }

    /// <summary>Heartbeats heard so far: tells "since" where equal times cannot.</summary>
    public long HeardCount { get; set; }

    /// <summary>It said so last, and neither a release nor a break of the watch came since.</summary>
    public bool HoldsLock { get; set; }

    /// <summary>It has held its lock once: it keeps its place among the watched while it takes the lock again.</summary>
    public bool EverHeldLock { get; set; }

    public TimeSpan? LeavingSince { get; set; }

    public Suspicion? Suspicion { get; set; }

    public bool IsStarted => Status is MemberStatus.Joining or MemberStatus.Active;
}
