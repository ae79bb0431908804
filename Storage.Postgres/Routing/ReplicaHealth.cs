namespace Firezone.Storage.Postgres.Routing;

/// <summary>Whether reads may go to a replica. Pure: what has happened goes in, the next state comes out.</summary>
/// <param name="State">The judgement.</param>
/// <param name="Timeline">Of the primary that it was found to follow.</param>
/// <param name="SkipUntil">While lagging: not to be tried before.</param>
/// <param name="Why">For the log.</param>
internal sealed record ReplicaHealth(ReplicaState State, uint Timeline, TimeSpan SkipUntil, string Why)
{
    /// <summary>Before the first look.</summary>
    public static readonly ReplicaHealth Unknown = new(ReplicaState.Unreachable, 0, TimeSpan.Zero, "not looked at yet");

    /// <summary>
    /// Whether a read may go there when the primary is on this timeline; null: on any. A promotion makes every replica prove anew whom it
    /// follows: one that had more of the old primary's log than the promoted server has data that no longer exist.
    /// </summary>
    public bool CanServe(uint? timeline) => State is ReplicaState.Usable && (timeline is null || timeline == Timeline);

    /// <summary>A read or a look failed.</summary>
    public ReplicaHealth AfterError(string why) => this with { State = ReplicaState.Unreachable, Why = why };

    /// <summary>A read found that it is no standby.</summary>
    public ReplicaHealth AfterPromotion() => this with { State = ReplicaState.NotAStandby, Why = "it is not in recovery" };

    /// <summary>A read has waited for it in vain.</summary>
    public ReplicaHealth AfterMiss(TimeSpan now, TimeSpan skip) => State is not ReplicaState.Usable
        ? this
        : this with { State = ReplicaState.Lagging, SkipUntil = now + skip, Why = "a read has waited for it in vain" };

    /// <summary>It was looked at while the primary was away: nothing can be said of what it follows.</summary>
    public ReplicaHealth AfterLook(ReplicaProbe probe) => probe.InRecovery ? this : AfterPromotion();

    /// <summary>It was looked at, for as long as a read would have waited.</summary>
    public ReplicaHealth AfterLook(ReplicaProbe probe, PrimaryView primary, TimeSpan now)
    {
        if (!probe.InRecovery)
            return AfterPromotion();
        if (probe.System != primary.System)
            return Diverged("it has the data of another system");
        if (probe.Timeline is { } timeline && timeline != primary.Timeline)
            return Diverged($"it receives timeline {timeline}, the primary is on {primary.Timeline}");
        if (probe.Replayed > primary.After)
            return Diverged($"it is at {probe.Replayed}, beyond the primary's {primary.After}");
        if (probe.Replayed < primary.Before)
            return this with { State = ReplicaState.Lagging, Why = $"it is {primary.Before - probe.Replayed} bytes behind" };
        if (State is ReplicaState.Lagging && now < SkipUntil)
            return this;
        return new(ReplicaState.Usable, primary.Timeline, TimeSpan.Zero, "it keeps up");
    }

    private ReplicaHealth Diverged(string why) => this with { State = ReplicaState.Diverged, Why = why };
}
