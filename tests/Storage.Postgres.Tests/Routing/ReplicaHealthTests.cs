using Firezone.Storage.Postgres.Routing;

namespace Firezone.Storage.Postgres.Tests.Routing;

public sealed class ReplicaHealthTests
{
    private static readonly TimeSpan Skip = TimeSpan.FromSeconds(1);
    private static readonly PrimaryView Primary = new(System: 7, Timeline: 2, Before: new(100), After: new(100));
    private static readonly ReplicaProbe Following = new(InRecovery: true, System: 7, Timeline: 2, Replayed: new(100), TimeSpan.Zero);
    private static readonly ReplicaHealth Usable = ReplicaHealth.Unknown.AfterLook(Following, Primary, At(0));

    [Fact]
    public void A_replica_is_read_from_once_it_was_seen_to_follow_the_primary()
    {
        Assert.False(ReplicaHealth.Unknown.CanServe(null));
        Assert.Equal(ReplicaState.Usable, Usable.State);
        Assert.True(Usable.CanServe(null));
        Assert.True(Usable.CanServe(2));
    }

    [Fact]
    public void A_promotion_makes_it_prove_anew_whom_it_follows()
    {
        Assert.False(Usable.CanServe(3));
        Assert.Equal(ReplicaState.Diverged, Usable.AfterLook(Following, Primary with { Timeline = 3 }, At(1)).State);
        Assert.True(Usable.AfterLook(Following with { Timeline = 3 }, Primary with { Timeline = 3 }, At(1)).CanServe(3));
    }

    [Fact]
    public void A_replica_that_does_not_show_its_timeline_is_judged_by_its_position()
    {
        var silent = Following with { Timeline = null };
        Assert.True(Usable.AfterLook(silent, Primary, At(1)).CanServe(2));
        Assert.Equal(ReplicaState.Diverged, Usable.AfterLook(silent with { Replayed = new(101) }, Primary, At(1)).State);
        Assert.Equal(ReplicaState.Usable, Usable.AfterLook(silent with { Replayed = new(101) }, Primary with { After = new(101) }, At(1)).State);
    }

    [Fact]
    public void What_is_no_standby_or_of_another_system_is_not_read_from()
    {
        Assert.Equal(ReplicaState.NotAStandby, Usable.AfterPromotion().State);
        Assert.Equal(ReplicaState.NotAStandby, Usable.AfterLook(Following with { InRecovery = false }, Primary, At(1)).State);
        Assert.Equal(ReplicaState.NotAStandby, Usable.AfterLook(Following with { InRecovery = false }).State);
        Assert.Equal(ReplicaState.Diverged, Usable.AfterLook(Following with { System = 8 }, Primary, At(1)).State);
    }

    [Fact]
    public void An_error_ends_its_use_until_a_look_succeeds()
    {
        var failed = Usable.AfterError("57P01");
        Assert.Equal(ReplicaState.Unreachable, failed.State);
        Assert.Equal(ReplicaState.Unreachable, failed.AfterMiss(At(1), Skip).State);
        Assert.Equal(ReplicaState.Unreachable, failed.AfterLook(Following).State); // the primary is away: nothing to compare with
        Assert.True(failed.AfterLook(Following, Primary, At(1)).CanServe(2));
    }

    [Fact]
    public void A_miss_leaves_it_alone_for_a_while_and_then_until_it_keeps_up()
    {
        var missed = Usable.AfterMiss(At(0), Skip);
        Assert.Equal(ReplicaState.Lagging, missed.State);
        Assert.Equal(ReplicaState.Lagging, missed.AfterLook(Following, Primary, At(0.9)).State);
        Assert.Equal(ReplicaState.Lagging, missed.AfterLook(Following with { Replayed = new(99) }, Primary, At(1.1)).State);
        Assert.Equal(ReplicaState.Usable, missed.AfterLook(Following, Primary, At(1.1)).State);
    }

    [Fact]
    public void While_the_primary_is_away_a_look_changes_nothing() => Assert.Same(Usable, Usable.AfterLook(Following with { Replayed = new(999) }));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
