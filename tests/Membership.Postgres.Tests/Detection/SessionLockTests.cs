using Firezone.Membership.Postgres.Detection;
using Note = Firezone.Membership.Postgres.Detection.DetectorAction.Note;

namespace Firezone.Membership.Postgres.Tests.Detection;

public sealed class SessionLockTests
{
    private readonly Detector _detector = new Detector(3).Sighted();

    private SiloId Victim => _detector.Others[0];

    [Fact]
    public void The_next_silos_of_the_ring_are_watched()
    {
        var detector = new Detector(5);
        detector.Do(subject => subject.ListenUp(detector.Now));
        detector.Hear(detector.Self);
        foreach (var silo in detector.Others)
            detector.Hear(silo);
        var watched = detector.Taken<DetectorAction.Watch>().Select(watch => watch.Silo);
        Assert.Equal(detector.Others.Take(2), watched);
    }

    [Fact]
    public void A_silo_without_its_lock_is_watched_only_once_it_says_that_it_holds_it()
    {
        var detector = new Detector(2);
        detector.Do(subject => subject.ListenUp(detector.Now));
        detector.Hear(detector.Self);
        detector.Hear(detector.Others[0], holdsLock: false);
        Assert.Empty(detector.Taken<DetectorAction.Watch>());
        detector.Hear(detector.Others[0]);
        Assert.Single(detector.Taken<DetectorAction.Watch>());
    }

    [Fact]
    public void A_broken_watch_is_armed_again_at_the_next_heartbeat_and_accuses_nobody()
    {
        _detector.Do(subject => subject.WatchBroken(_detector.Now, Victim));
        Assert.Empty(_detector.Taken());
        _detector.Hear(Victim);
        Assert.Equal(Victim, Assert.Single(_detector.Taken<DetectorAction.Watch>()).Silo);
    }

    [Fact]
    public void Who_is_no_longer_among_the_next_is_no_longer_watched()
    {
        _detector.Set(Victim, MemberStatus.Dead);
        Assert.Equal(Victim, Assert.Single(_detector.Taken<DetectorAction.Unwatch>()).Silo);
    }

    [Fact]
    public void The_first_watcher_probes_at_once_and_a_refusal_is_death()
    {
        Release();
        var probe = _detector.TheProbe();
        Assert.Equal(SuspicionCause.SessionLost, probe.Cause);
        _detector.Complete(probe, ProbeOutcome.Refused);
        Assert.Single(_detector.Taken<DetectorAction.DeclareDead>());
    }

    [Fact]
    public void The_second_watcher_waits_for_the_first()
    {
        _detector.Do(subject => subject.LockReleased(_detector.Now, _detector.Others[1]));
        Assert.Empty(_detector.Taken<DetectorAction.Probe>());
        _detector.Wait(0.15);
        Assert.Equal(_detector.Others[1], _detector.TheProbe().Silo);
    }

    [Fact]
    public void An_answer_clears_and_the_next_heartbeat_arms_the_watch_again()
    {
        Release();
        _detector.Complete(_detector.TheProbe(), ProbeOutcome.Answered);
        Assert.Equal(SuspicionEnd.Answered, Assert.Single(_detector.Taken<Note.Cleared>()).End);
        _detector.Hear(Victim);
        Assert.Single(_detector.Taken<DetectorAction.Watch>());
    }

    [Fact]
    public void An_answer_to_the_second_opinion_clears_too()
    {
        Release();
        _detector.Complete(_detector.TheProbe(), ProbeOutcome.NoAnswer, ProbeOutcome.Answered);
        Assert.Equal(SuspicionEnd.Answered, Assert.Single(_detector.Taken<Note.Cleared>()).End);
    }

    [Fact]
    public void No_answer_is_death_unless_a_heartbeat_came_since_the_release()
    {
        Release();
        _detector.Complete(_detector.TheProbe(), ProbeOutcome.NoAnswer, ProbeOutcome.NoAnswer);
        Assert.Single(_detector.Taken<DetectorAction.DeclareDead>());
    }

    [Fact]
    public void A_heartbeat_since_the_release_excuses_no_answer()
    {
        Release();
        _detector.Hear(Victim);
        var probe = Assert.Single(_detector.Taken<DetectorAction.Probe>());
        _detector.Complete(probe, ProbeOutcome.NoAnswer, ProbeOutcome.NoAnswer);
        Assert.Equal(SuspicionEnd.Heard, Assert.Single(_detector.Taken<Note.Cleared>()).End);
    }

    [Fact]
    public void A_heartbeat_during_a_refused_probe_has_it_repeated()
    {
        Release();
        var probe = _detector.TheProbe();
        _detector.Hear(Victim);
        _detector.Complete(probe, ProbeOutcome.Refused);
        var again = _detector.TheProbe();
        _detector.Complete(again, ProbeOutcome.Refused);
        Assert.Single(_detector.Taken<DetectorAction.DeclareDead>());
    }

    [Fact]
    public void A_silent_silo_is_left_to_its_heartbeats()
    {
        Release();
        _detector.Complete(_detector.TheProbe(), ProbeOutcome.Silent);
        _detector.Pass(14.999, _detector.Others[1]);
        Assert.Empty(_detector.Taken());
        _detector.Wait(0.001);
        Assert.Equal(SuspicionCause.MissedHeartbeats, _detector.TheProbe().Cause);
    }

    [Fact]
    public void Without_the_opinion_asked_for_nobody_dies_of_a_lost_session()
    {
        Release();
        _detector.Complete(_detector.TheProbe(), ProbeOutcome.NoAnswer);
        Assert.Single(_detector.Taken<Note.NoSecondOpinion>());
    }

    [Fact]
    public void The_lock_of_a_leaver_counts()
    {
        _detector.Do(subject => subject.SaidGoodbye(_detector.Now, Victim));
        Release();
        Assert.Equal(Victim, _detector.TheProbe().Silo);
    }

    [Fact]
    public void A_release_during_the_probe_of_a_silent_silo_does_not_put_off_its_end()
    {
        _detector.Pass(15, _detector.Others[1]);
        var probe = _detector.TheProbe();
        Release();
        _detector.Complete(probe, ProbeOutcome.NoAnswer, ProbeOutcome.NoAnswer);
        Assert.Single(_detector.Taken<DetectorAction.DeclareDead>());
    }

    [Fact]
    public void The_blind_accuse_nobody_whose_lock_is_released()
    {
        _detector.Do(subject => subject.ListenDown(_detector.Now));
        Release();
        _detector.Wait(600);
        Assert.Empty(_detector.Taken<Note.Suspected>());
    }

    private void Release() => _detector.Do(subject => subject.LockReleased(_detector.Now, Victim));
}
