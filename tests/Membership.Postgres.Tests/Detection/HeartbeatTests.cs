using Firezone.Membership.Postgres.Detection;
using Note = Firezone.Membership.Postgres.Detection.DetectorAction.Note;

namespace Firezone.Membership.Postgres.Tests.Detection;

public sealed class HeartbeatTests
{
    [Fact]
    public void A_silo_is_suspected_exactly_when_its_silence_reaches_the_limit()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(14.999);
        Assert.Empty(detector.Taken<Note>());
        detector.Wait(0.001);
        Assert.Equal(SuspicionCause.MissedHeartbeats, detector.TheProbe().Cause);
    }

    [Fact]
    public void A_silo_never_heard_from_is_not_judged()
    {
        var detector = new Detector(3).Sighted();
        var silent = new SiloId("10.9.9.9:1@1");
        detector.Set(silent, MemberStatus.Active);
        detector.Pass(600, detector.Others);
        Assert.Empty(detector.Taken<Note.Suspected>());
    }

    [Fact]
    public void A_silo_that_was_heard_is_judged_though_its_dead_row_was_removed_before_it_came_back_to_leave()
    {
        var detector = new Detector(3).Sighted();
        var (returns, stays) = (detector.Others[0], detector.Others[1]);
        detector.Set(returns, MemberStatus.Dead);
        detector.Members.Remove(returns);
        detector.Show();
        detector.Pass(600, stays);
        detector.Set(returns, MemberStatus.ShuttingDown);
        Assert.Empty(detector.Taken<Note.Suspected>());
        detector.Pass(59, stays);
        Assert.Empty(detector.Taken<Note.Suspected>());
        detector.Pass(2, stays);
        Assert.Equal(returns, Assert.Single(detector.Taken<Note.Suspected>()).Silo);
    }

    [Fact]
    public void Self_and_the_dead_are_not_judged()
    {
        var detector = new Detector(2).Sighted();
        detector.Set(detector.Others[0], MemberStatus.Dead);
        detector.Pass(600);
        Assert.Empty(detector.Taken<Note.Suspected>());
    }

    [Fact]
    public void Who_leaves_itself_judges_nobody()
    {
        var detector = new Detector(2).Sighted();
        detector.Set(detector.Self, MemberStatus.ShuttingDown);
        detector.Pass(600);
        Assert.Empty(detector.Taken<DetectorAction.Probe>());
    }

    [Theory]
    [InlineData(ProbeOutcome.NoAnswer)]
    [InlineData(ProbeOutcome.Refused)]
    [InlineData(ProbeOutcome.Silent)]
    public void Of_two_the_other_is_evicted_when_it_does_not_answer(ProbeOutcome outcome)
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        var probe = detector.TheProbe();
        Assert.Null(probe.SecondOpinionFrom);
        detector.Complete(probe, outcome);
        Assert.Equal(TimeSpan.FromSeconds(15), Assert.Single(detector.Taken<DetectorAction.DeclareDead>()).SinceEvidence);
    }

    [Fact]
    public void Who_answers_stays_and_is_asked_again_every_interval()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        detector.Complete(detector.TheProbe(), ProbeOutcome.Answered);
        Assert.Single(detector.Taken<Note.Vouched>());
        detector.Pass(5);
        detector.Complete(detector.TheProbe(), ProbeOutcome.Answered);
        Assert.Empty(detector.Taken());
    }

    [Theory]
    [InlineData(ProbeOutcome.NoAnswer)]
    [InlineData(ProbeOutcome.Refused)]
    public void An_answer_to_the_second_opinion_outweighs_the_own_probe(ProbeOutcome direct)
    {
        var detector = new Detector(3).Sighted();
        detector.Pass(15, detector.Others[1]);
        var probe = detector.TheProbe();
        Assert.Equal(detector.Others[1], probe.SecondOpinionFrom);
        detector.Complete(probe, direct, ProbeOutcome.Answered);
        Assert.Equal(detector.Others[1], Assert.Single(detector.Taken<Note.Vouched>()).To);
    }

    [Fact]
    public void A_heartbeat_clears_and_the_outcome_of_the_probe_comes_too_late()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        var probe = detector.TheProbe();
        detector.Hear(detector.Others[0]);
        Assert.Equal(SuspicionEnd.Heard, Assert.Single(detector.Taken<Note.Cleared>()).End);
        detector.Complete(probe, ProbeOutcome.NoAnswer);
        Assert.Empty(detector.Taken());
    }

    [Fact]
    public void Each_further_silo_acts_one_stagger_later()
    {
        var detector = new Detector(4).Sighted();
        var victim = detector.Others[2];
        // Before the victim in the ring stand others 1, others 0, then self.
        detector.Pass(15, detector.Others[0]);
        var later = detector.Taken();
        Assert.DoesNotContain(later, action => action is DetectorAction.Probe probe && probe.Silo == victim);
        detector.Wait(1);
        Assert.Contains(detector.Taken<DetectorAction.Probe>(), probe => probe.Silo == victim);
    }

    [Fact]
    public void Without_the_opinion_asked_for_others_are_asked_and_the_eviction_waits_for_twice_the_limit()
    {
        var detector = new Detector(4).Sighted();
        var victim = detector.Others[0];
        detector.Pass(15, detector.Others[1], detector.Others[2]);
        var asked = new List<SiloId?>();
        while (detector.Taken<DetectorAction.Probe>() is [var probe])
        {
            Assert.Equal(victim, probe.Silo);
            asked.Add(probe.SecondOpinionFrom);
            detector.Complete(probe, ProbeOutcome.NoAnswer);
            if (asked.Count % 2 == 0 && detector.Now < TimeSpan.FromSeconds(130))
                detector.Pass(5, detector.Others[1], detector.Others[2]);
        }

        Assert.Equal(8, asked.Count);
        Assert.Equal(2, asked.Distinct().Count());
    }

    [Fact]
    public void A_failed_write_is_tried_again_after_a_pause_and_a_new_probe()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        var probe = detector.TheProbe();
        detector.Complete(probe, ProbeOutcome.NoAnswer);
        Assert.Single(detector.Taken<DetectorAction.DeclareDead>());
        detector.Do(subject => subject.DeclareDeadCompleted(detector.Now, probe.Suspicion, false));
        Assert.Empty(detector.Taken());
        detector.Wait(0.25);
        detector.Complete(detector.TheProbe(), ProbeOutcome.Answered);
        Assert.Empty(detector.Taken<DetectorAction.DeclareDead>());
    }

    [Fact]
    public void A_written_death_asks_for_the_view_and_ends_with_it()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        var probe = detector.TheProbe();
        detector.Complete(probe, ProbeOutcome.NoAnswer);
        detector.Do(subject => subject.DeclareDeadCompleted(detector.Now, probe.Suspicion, true));
        Assert.Equal(0, Assert.Single(detector.Taken<DetectorAction.Refresh>()).Version);
        detector.Set(detector.Others[0], MemberStatus.Dead);
        Assert.Equal(SuspicionEnd.Dead, Assert.Single(detector.Taken<Note.Cleared>()).End);
    }

    [Fact]
    public void A_leaver_may_be_silent_for_the_grace_time()
    {
        var detector = new Detector(2).Sighted();
        detector.Do(subject => subject.SaidGoodbye(detector.Now, detector.Others[0]));
        detector.Pass(59.999);
        Assert.Empty(detector.Taken<Note.Suspected>());
        detector.Wait(0.001);
        Assert.Single(detector.Taken<Note.Suspected>());
    }

    [Fact]
    public void A_probe_that_took_far_too_long_is_repeated()
    {
        var detector = new Detector(2).Sighted();
        detector.Pass(15);
        var probe = detector.TheProbe();
        detector.Wait(2);
        detector.Complete(probe, ProbeOutcome.NoAnswer);
        Assert.Equal(probe.Suspicion, detector.TheProbe().Suspicion);
    }
}
