using Firezone.Grains.Status;
using Firezone.Silos.Operations.Overview;

namespace Firezone.Operations.Tests.Overview;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 29, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_several_silos_saw_is_one_event_with_the_earliest_time_and_a_name()
    {
        var events = Timeline.Of(
        [
            Silo("a", new MemberEvent(At.AddSeconds(1), "s3", "", "Dead", null), new MemberEvent(At, "s3", "gone", "Suspected", "session lost")),
            Silo("b", new MemberEvent(At.AddSeconds(2), "s3", "gone", "Dead", null)),
        ]);
        Assert.Equal(["Dead", "Suspected"], events.Select(e => e.Kind));
        Assert.Equal(At.AddSeconds(1), events[0].At);
        Assert.Equal(["a", "b"], events[0].Observers);
        Assert.All(events, e => Assert.Equal("gone", e.Silo));
    }

    [Fact]
    public void A_suspicion_that_comes_again_is_another_event()
    {
        var events = Timeline.Of(
            [Silo("a", [.. Enumerable.Range(0, 3).Select(i => new MemberEvent(At.AddMinutes(i), "s", "s", "Suspected", null))])]);
        Assert.Equal(3, events.Count);
    }

    [Fact]
    public void Only_the_latest_are_shown()
    {
        var events = Timeline.Of(
            [Silo("a", [.. Enumerable.Range(0, 100).Select(i => new MemberEvent(At.AddMinutes(i), $"s{i}", "s", "Active", null))])]);
        Assert.Equal(Timeline.Longest, events.Count);
        Assert.Equal(At.AddMinutes(99), events[0].At);
    }

    private static SiloLine Silo(string name, params MemberEvent[] events) => new(
        name, "", "", "active", null, new SiloReport("1", "", [], 0, 0, "closed", [], events, TimeSpan.Zero));
}
