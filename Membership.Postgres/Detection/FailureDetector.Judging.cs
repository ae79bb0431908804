using Note = Firezone.Membership.Postgres.Detection.DetectorAction.Note;

namespace Firezone.Membership.Postgres.Detection;

public sealed partial class FailureDetector
{
    /// <summary>In each round so many silos are asked for an opinion, until one gives it.</summary>
    private const int MaxOpinions = 3;

    /// <summary>So many probes in a row that took far too long are not believed; then this silo may always be so slow.</summary>
    private const int MaxSlowProbes = 3;

    private readonly Dictionary<long, Suspicion> _suspicions = [];
    private long _lastSuspicion;

    /// <summary>End of a <see cref="DetectorAction.Probe"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="suspicion">Number from the action.</param>
    /// <param name="direct">What this silo got.</param>
    /// <param name="secondOpinion">What the other silo got; null: it was not asked, or could not be.</param>
    public void ProbeCompleted(TimeSpan now, long suspicion, ProbeOutcome direct, ProbeOutcome? secondOpinion)
    {
        Expire(now);
        if (!_suspicions.TryGetValue(suspicion, out var it) || it.Phase != SuspicionPhase.Probing)
            return;
        var answered = direct == ProbeOutcome.Answered || secondOpinion == ProbeOutcome.Answered;
        if (direct == ProbeOutcome.Unknown && !answered)
        {
            it.WaitUntil(now + _settings.HeartbeatInterval);
        }
        else if (it.ReleasedDuringProbe && answered)
        {
            // It may have died just after the answer.
            Strengthen(now, it, now);
        }
        else if (!answered && now - it.ProbeBegan > _settings.ProbeTimeout * 2 && ++it.SlowProbes <= MaxSlowProbes)
        {
            // This process was held up: an answer may have come while it was, and have been taken for none.
            it.WaitUntil(now);
        }
        else if (it.Cause == SuspicionCause.SessionLost)
        {
            DecideSessionLost(now, it, direct, secondOpinion);
        }
        else
        {
            DecideMissedHeartbeats(now, it, direct, secondOpinion);
        }
    }

    /// <summary>End of a <see cref="DetectorAction.DeclareDead"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="suspicion">Number from the action.</param>
    /// <param name="done">The row is dead or gone, by whomever.</param>
    public void DeclareDeadCompleted(TimeSpan now, long suspicion, bool done)
    {
        Expire(now);
        if (!_suspicions.TryGetValue(suspicion, out var it) || it.Phase != SuspicionPhase.Declaring)
            return;
        it.WithoutOpinion.Clear();
        if (!done)
        {
            // What was true at the first attempt may no longer be: the next one begins with a probe.
            it.WaitUntil(now + it.Backoff.Next());
            return;
        }

        it.Phase = SuspicionPhase.Declared;
        it.Due = now + _settings.HeartbeatInterval;
        _refresh.AskEverything();
    }

    private TimeSpan? JudgeDeadline
    {
        get
        {
            TimeSpan? next = null;
            if (!Judges)
                return next;
            foreach (var peer in _ring.Members)
            {
                if (peer.Suspicion is { } suspicion)
                    next = Earlier(next, suspicion.Phase is SuspicionPhase.Waiting or SuspicionPhase.Declared ? suspicion.Due : null);
                else if (peer != _self && peer.LastHeard is not null)
                    next = Earlier(next, SilenceDeadline(peer));
            }

            return next;
        }
    }

    private void Judge(TimeSpan now)
    {
        if (!Judges)
            return;
        foreach (var peer in _ring.Members)
        {
            if (peer.Suspicion is null && peer != _self && peer.LastHeard is not null && now >= SilenceDeadline(peer))
            {
                var due = SilenceDeadline(peer) + _settings.Stagger * Rank(now, peer);
                Suspect(now, peer, SuspicionCause.MissedHeartbeats, LastSign(peer), due);
            }

            if (peer.Suspicion is { Phase: SuspicionPhase.Waiting or SuspicionPhase.Declared } suspicion && now >= suspicion.Due)
                Probe(now, suspicion);
        }
    }

    private void SessionLost(TimeSpan now, Peer peer)
    {
        var due = now + _settings.LockStagger * Rank(now, peer);
        if (peer.Suspicion is not { } suspicion)
            Suspect(now, peer, SuspicionCause.SessionLost, now, due);
        else if (suspicion.Phase == SuspicionPhase.Waiting)
            Strengthen(now, suspicion, due);
        else if (suspicion.Phase == SuspicionPhase.Probing)
            suspicion.ReleasedDuringProbe = true;
    }

    private void Suspect(TimeSpan now, Peer peer, SuspicionCause cause, TimeSpan evidence, TimeSpan due)
    {
        var suspicion = new Suspicion(++_lastSuspicion, peer, now, new Backoff(_settings))
        {
            Cause = cause,
            Evidence = evidence,
            HeardAtEvidence = peer.HeardCount,
        };
        suspicion.WaitUntil(due);
        peer.Suspicion = suspicion;
        _suspicions.Add(suspicion.Id, suspicion);
        _actions.Enqueue(new Note.Suspected(suspicion.Id, peer.Id, cause));
    }

    private void Strengthen(TimeSpan now, Suspicion suspicion, TimeSpan due)
    {
        if (suspicion.Cause != SuspicionCause.SessionLost || suspicion.LeftToHeartbeats)
            _actions.Enqueue(new Note.Suspected(suspicion.Id, suspicion.Peer.Id, SuspicionCause.SessionLost));
        suspicion.WaitUntil(suspicion.Phase == SuspicionPhase.Waiting && suspicion.Due < due ? suspicion.Due : due);
        suspicion.Cause = SuspicionCause.SessionLost;
        suspicion.LeftToHeartbeats = false;
        suspicion.Evidence = now;
        suspicion.HeardAtEvidence = suspicion.Peer.HeardCount;
        suspicion.WithoutOpinion.Clear();
    }

    private void Probe(TimeSpan now, Suspicion suspicion)
    {
        if (suspicion.LeftToHeartbeats && now < SilenceDeadline(suspicion.Peer))
        {
            LeaveToHeartbeats(now, suspicion);
            return;
        }

        if (suspicion.LeftToHeartbeats)
        {
            suspicion.LeftToHeartbeats = false;
            suspicion.Cause = SuspicionCause.MissedHeartbeats;
            suspicion.Evidence = LastSign(suspicion.Peer);
            suspicion.HeardAtEvidence = suspicion.Peer.HeardCount;
            _actions.Enqueue(new Note.Suspected(suspicion.Id, suspicion.Peer.Id, suspicion.Cause));
        }

        suspicion.Phase = SuspicionPhase.Probing;
        suspicion.ProbeBegan = now;
        suspicion.ReleasedDuringProbe = false;
        suspicion.HeardAtProbe = suspicion.Peer.HeardCount;
        suspicion.AskedForOpinion = OpinionFrom(now, suspicion);
        _actions.Enqueue(new DetectorAction.Probe(suspicion.Id, suspicion.Peer.Id, suspicion.Cause, suspicion.AskedForOpinion));
    }

    private void DecideSessionLost(TimeSpan now, Suspicion suspicion, ProbeOutcome direct, ProbeOutcome? second)
    {
        if (direct == ProbeOutcome.Answered || second == ProbeOutcome.Answered)
            End(now, suspicion, SuspicionEnd.Answered);
        else if (direct == ProbeOutcome.Refused && second != ProbeOutcome.Silent)
            DeclareUnlessHeard(now, suspicion);
        else if (suspicion.HeardSinceEvidence)
            End(now, suspicion, SuspicionEnd.Heard);
        else if (direct != ProbeOutcome.NoAnswer || second == ProbeOutcome.Silent)
            LeaveToHeartbeats(now, suspicion);
        else if (!AskAnother(now, suspicion, second))
            Declare(now, suspicion);
        else if (suspicion.WithoutOpinion.Count == 0)
            LeaveToHeartbeats(now, suspicion);
    }

    private void DecideMissedHeartbeats(TimeSpan now, Suspicion suspicion, ProbeOutcome direct, ProbeOutcome? second)
    {
        if (direct == ProbeOutcome.Answered || second == ProbeOutcome.Answered)
        {
            if (!suspicion.VouchedNoted)
                _actions.Enqueue(new Note.Vouched(suspicion.Id, suspicion.Peer.Id, direct == ProbeOutcome.Answered ? null : suspicion.AskedForOpinion));
            suspicion.VouchedNoted = true;
            suspicion.WithoutOpinion.Clear();
            suspicion.WaitUntil(now + _settings.HeartbeatInterval);
        }
        else if (direct == ProbeOutcome.Refused
            || !AskAnother(now, suspicion, second)
            || (suspicion.WithoutOpinion.Count == 0 && now - suspicion.Evidence >= _settings.SilenceLimit * 2))
        {
            Declare(now, suspicion);
        }
    }

    /// <summary>
    /// When an opinion was asked for and not had, this silo may be the one cut off: asks another at once, or, when nobody is left (the list is
    /// empty then), begins a new round an interval later. False: there was an opinion, or nobody to ask.
    /// </summary>
    private bool AskAnother(TimeSpan now, Suspicion suspicion, ProbeOutcome? second)
    {
        if (suspicion.AskedForOpinion is not { } asked || second is not null)
            return false;
        suspicion.WithoutOpinion.Add(asked);
        if (suspicion.WithoutOpinion.Count < MaxOpinions && OpinionFrom(now, suspicion) is not null)
        {
            suspicion.WaitUntil(now);
            return true;
        }

        if (!suspicion.NoOpinionNoted)
            _actions.Enqueue(new Note.NoSecondOpinion(suspicion.Id, suspicion.Peer.Id));
        suspicion.NoOpinionNoted = true;
        suspicion.WithoutOpinion.Clear();
        suspicion.WaitUntil(now + _settings.HeartbeatInterval);
        return true;
    }

    private void LeaveToHeartbeats(TimeSpan now, Suspicion suspicion)
    {
        suspicion.LeftToHeartbeats = true;
        var deadline = SilenceDeadline(suspicion.Peer) + _settings.Stagger * Rank(now, suspicion.Peer);
        suspicion.WaitUntil(deadline > now ? deadline : now);
    }

    private void DeclareUnlessHeard(TimeSpan now, Suspicion suspicion)
    {
        if (suspicion.HeardSinceProbe)
            suspicion.WaitUntil(now);
        else
            Declare(now, suspicion);
    }

    private void Declare(TimeSpan now, Suspicion suspicion)
    {
        suspicion.Phase = SuspicionPhase.Declaring;
        _actions.Enqueue(new DetectorAction.DeclareDead(suspicion.Id, suspicion.Peer.Id, suspicion.Cause, now - suspicion.Evidence));
    }

    private void EndSilence(TimeSpan now, Peer peer)
    {
        if (peer.Suspicion is { Phase: not SuspicionPhase.Declared } suspicion
            && (suspicion.Cause == SuspicionCause.MissedHeartbeats || suspicion.LeftToHeartbeats))
        {
            End(now, suspicion, SuspicionEnd.Heard);
        }
    }

    private void WithdrawAll(TimeSpan now)
    {
        foreach (var suspicion in _suspicions.Values.ToList())
            End(now, suspicion, SuspicionEnd.Withdrawn);
    }

    private void End(TimeSpan now, Suspicion? suspicion, SuspicionEnd end)
    {
        if (suspicion is null)
            return;
        suspicion.Peer.Suspicion = null;
        _suspicions.Remove(suspicion.Id);
        _actions.Enqueue(new Note.Cleared(suspicion.Id, suspicion.Peer.Id, suspicion.Cause, end, now - suspicion.Began));
    }

    private TimeSpan LastSign(Peer peer) => peer.LastHeard > _sight.Since ? peer.LastHeard.Value : _sight.Since;

    private TimeSpan SilenceDeadline(Peer peer)
    {
        var deadline = LastSign(peer) + _settings.SilenceLimit;
        return peer.LeavingSince + _settings.GoodbyeGrace is { } grace && grace > deadline ? grace : deadline;
    }

    /// <summary>How many silos act on this one before us, as far as we can tell.</summary>
    private int Rank(TimeSpan now, Peer peer) => _ring.Before(peer).TakeWhile(other => other != _self).Count(other => IsWell(now, other));

    private SiloId? OpinionFrom(TimeSpan now, Suspicion suspicion) => _ring.After(suspicion.Peer)
        .FirstOrDefault(other => other.Status == MemberStatus.Active && IsWell(now, other) && !suspicion.WithoutOpinion.Contains(other.Id))?.Id;

    private bool IsWell(TimeSpan now, Peer other) =>
        other != _self && other.IsStarted && other.LeavingSince is null && other.Suspicion is null && other.LastHeard is not null
        && now - LastSign(other) < _settings.LateLimit;
}
