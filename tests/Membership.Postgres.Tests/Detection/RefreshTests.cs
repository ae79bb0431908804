using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Detection;

public sealed class RefreshTests
{
    private readonly Detector _detector = new Detector(2).Sighted();

    [Fact]
    public void A_newer_version_is_read_and_an_older_one_is_not()
    {
        Announce(1);
        Assert.Empty(_detector.Taken());
        Announce(9);
        Assert.Equal(9, TheRefresh());
    }

    [Fact]
    public void While_a_read_is_under_way_only_the_latest_announcement_is_kept()
    {
        Announce(5);
        Assert.Equal(5, TheRefresh());
        Announce(6);
        Announce(8);
        Announce(7);
        Assert.Empty(_detector.Taken());
        Complete(true);
        _detector.Wait(1);
        Assert.Equal(8, TheRefresh());
    }

    [Fact]
    public void A_failed_read_is_repeated_after_a_growing_pause_without_insisting_on_the_version()
    {
        Announce(5);
        Assert.Equal(5, TheRefresh());
        foreach (var pause in (double[])[0.25, 0.5, 1, 2, 4, 5, 5])
        {
            Complete(false);
            _detector.Wait(pause - 0.001);
            Assert.Empty(_detector.Taken<DetectorAction.Refresh>());
            _detector.Hear(_detector.Self);
            _detector.Wait(0.001);
            Assert.Equal(0, TheRefresh());
        }
    }

    [Fact]
    public void A_false_announcement_is_forgotten_after_one_read()
    {
        Announce(int.MaxValue);
        Assert.Equal(int.MaxValue, TheRefresh());
        Complete(true);
        _detector.Wait(60);
        Assert.Empty(_detector.Taken<DetectorAction.Refresh>());
    }

    [Fact]
    public void A_session_that_comes_up_has_everything_read_once()
    {
        _detector.Do(subject => subject.ListenDown(_detector.Now));
        _detector.Taken();
        _detector.Do(subject => subject.ListenUp(_detector.Now));
        Assert.Equal(0, TheRefresh());
        Complete(true);
        _detector.Do(subject => subject.ListenUp(_detector.Now));
        Assert.Empty(_detector.Taken());
    }

    [Fact]
    public void Strangers_cause_at_most_one_read_per_interval()
    {
        for (var number = 0; number < 1_000; number++)
        {
            _detector.Hear(new SiloId($"10.1.{number / 250}.{number % 250}:1@1"));
            Complete(true);
        }

        Assert.Equal(0, TheRefresh());
        _detector.Wait(5);
        _detector.Hear(new SiloId("10.2.0.1:1@1"));
        Assert.Equal(0, TheRefresh());
    }

    [Fact]
    public void A_stranger_that_was_heard_is_known_when_the_view_has_it()
    {
        var stranger = new SiloId("10.2.0.1:1@1");
        _detector.Hear(stranger);
        _detector.Taken();
        _detector.Set(stranger, MemberStatus.Joining);
        Assert.Equal(stranger, Assert.Single(_detector.Taken<DetectorAction.Watch>()).Silo);
    }

    [Fact]
    public void The_heartbeats_of_the_dead_cause_no_read()
    {
        _detector.Set(_detector.Others[0], MemberStatus.Dead);
        _detector.Taken();
        _detector.Hear(_detector.Others[0]);
        Assert.Empty(_detector.Taken());
    }

    [Fact]
    public void An_older_view_is_ignored()
    {
        _detector.Do(subject => subject.ViewChanged(_detector.Now, new MemberView(0, new Dictionary<SiloId, MemberStatus>())));
        Assert.Empty(_detector.Taken());
    }

    private int TheRefresh() => Assert.Single(_detector.Taken<DetectorAction.Refresh>()).Version;

    private void Announce(int version) => _detector.Do(subject => subject.VersionAnnounced(_detector.Now, version));

    private void Complete(bool ok) => _detector.Do(subject => subject.RefreshCompleted(_detector.Now, ok));
}
