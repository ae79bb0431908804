using Firezone.Membership.Postgres.Detection;
using Note = Firezone.Membership.Postgres.Detection.DetectorAction.Note;

namespace Firezone.Membership.Postgres.Tests.Detection;

public sealed class SightTests
{
    [Fact]
    public void A_session_that_is_up_without_the_own_echo_gives_no_sight()
    {
        var detector = new Detector(3);
        detector.Do(subject => subject.ListenUp(detector.Now));
        detector.Hear(detector.Others[0]);
        Assert.False(detector.Subject.IsSighted);
        detector.Hear(detector.Self);
        Assert.True(detector.Subject.IsSighted);
    }

    [Fact]
    public void Sight_ends_exactly_when_the_echo_is_two_intervals_and_the_margin_late()
    {
        var detector = new Detector(3).Sighted();
        detector.Wait(10.999);
        Assert.True(detector.Subject.IsSighted);
        detector.Wait(0.001);
        Assert.True(Assert.Single(detector.Taken<Note.WentBlind>()).ListenIsUp);
        Assert.False(detector.Subject.IsSighted);
    }

    [Fact]
    public void The_blind_suspect_nobody()
    {
        var detector = new Detector(3).Sighted();
        detector.Wait(600);
        Assert.Empty(detector.Taken<Note.Suspected>());
    }

    [Fact]
    public void A_lost_session_withdraws_suspicions_and_their_probes_decide_nothing()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        var probe = detector.TheProbe();
        detector.Do(subject => subject.ListenDown(detector.Now));
        Assert.Equal(SuspicionEnd.Withdrawn, Assert.Single(detector.Taken<Note.Cleared>()).End);
        detector.Complete(probe, ProbeOutcome.NoAnswer);
        Assert.Empty(detector.Taken());
    }

    [Fact]
    public void Silence_counts_from_the_moment_of_being_sighted_again()
    {
        var detector = new Detector(2).Sighted();
        detector.Do(subject => subject.ListenDown(detector.Now));
        detector.Wait(60);
        detector.Do(subject => subject.ListenUp(detector.Now));
        detector.Hear(detector.Self);
        detector.Pass(14.999);
        Assert.Empty(detector.Taken<Note.Suspected>());
        detector.Wait(0.001);
        Assert.Single(detector.Taken<Note.Suspected>());
    }

    [Fact]
    public void After_a_long_pause_old_heartbeats_do_not_restore_the_past()
    {
        var detector = new Detector(2).Sighted();
        detector.Wait(5);
        detector.Subject.Heard(detector.Now + TimeSpan.FromSeconds(60), detector.Self, true);
        detector.Wait(60);
        Assert.Equal([typeof(Note.WentBlind), typeof(Note.Sighted)], detector.Taken<Note>().Take(2).Select(note => note.GetType()));
    }
}
