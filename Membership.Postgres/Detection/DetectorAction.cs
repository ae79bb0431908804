namespace Firezone.Membership.Postgres.Detection;

/// <summary>What the detector wants done, or (<see cref="Note"/>) only told.</summary>
public abstract record DetectorAction
{
    private DetectorAction()
    {
    }

    /// <summary>
    /// Read the table. Answered by exactly one <see cref="FailureDetector.RefreshCompleted"/>, after the <see cref="FailureDetector.ViewChanged"/>
    /// that it led to; until then no other is asked for.
    /// </summary>
    /// <param name="Version">Version that was announced, or 0: whatever is there now.</param>
    public sealed record Refresh(int Version) : DetectorAction;

    /// <summary>
    /// Wait for the session lock of the silo. Ends with one <see cref="FailureDetector.LockReleased"/> or <see cref="FailureDetector.WatchBroken"/>,
    /// or by <see cref="Unwatch"/>, after which neither is called.
    /// </summary>
    public sealed record Watch(SiloId Silo) : DetectorAction;

    /// <summary>Stop waiting for the session lock of the silo.</summary>
    public sealed record Unwatch(SiloId Silo) : DetectorAction;

    /// <summary>
    /// Ask the silo directly and, at the same time, have another silo ask it. Answered by exactly one <see cref="FailureDetector.ProbeCompleted"/>,
    /// even after the suspicion was cleared. When the cause is <see cref="SuspicionCause.SessionLost"/> and the direct probe is refused, the second
    /// opinion need not be waited for.
    /// </summary>
    /// <param name="Suspicion">To be given back with the outcome.</param>
    /// <param name="Silo">Whom to ask.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="SecondOpinionFrom">Who is to ask as well; null: nobody is there to do so.</param>
    public sealed record Probe(long Suspicion, SiloId Silo, SuspicionCause Cause, SiloId? SecondOpinionFrom) : DetectorAction;

    /// <summary>
    /// Write the silo's row as dead, unless it is already. One attempt, answered by exactly one <see cref="FailureDetector.DeclareDeadCompleted"/>;
    /// the detector sees to repeating it, with a new probe before each attempt.
    /// </summary>
    /// <param name="Suspicion">To be given back with the result.</param>
    /// <param name="Silo">Who is dead.</param>
    /// <param name="Cause">How it was found.</param>
    /// <param name="SinceEvidence">Time since its lock was released, or since its last heartbeat: the latency of the detection.</param>
    public sealed record DeclareDead(long Suspicion, SiloId Silo, SuspicionCause Cause, TimeSpan SinceEvidence) : DetectorAction;

    /// <summary>Nothing to be done: for logs and metrics.</summary>
    public abstract record Note : DetectorAction
    {
        private Note()
        {
        }

        /// <summary>A suspicion began, or (with the same number) its cause changed.</summary>
        public sealed record Suspected(long Suspicion, SiloId Silo, SuspicionCause Cause) : Note;

        /// <summary>Missed heartbeats, but it answers: it stays, and is asked again. Once for each suspicion.</summary>
        /// <param name="Suspicion">Number of the suspicion.</param>
        /// <param name="Silo">Who answered.</param>
        /// <param name="To">Who got the answer; null: this silo.</param>
        public sealed record Vouched(long Suspicion, SiloId Silo, SiloId? To) : Note;

        /// <summary>Neither it nor anybody asked for a second opinion can be reached: this silo may be the one cut off. Once for each suspicion.</summary>
        public sealed record NoSecondOpinion(long Suspicion, SiloId Silo) : Note;

        /// <summary>The suspicion is over.</summary>
        /// <param name="Suspicion">Number of the suspicion.</param>
        /// <param name="Silo">Who was suspected.</param>
        /// <param name="Cause">The last cause.</param>
        /// <param name="End">How it ended.</param>
        /// <param name="After">Time since it began.</param>
        public sealed record Cleared(long Suspicion, SiloId Silo, SuspicionCause Cause, SuspicionEnd End, TimeSpan After) : Note;

        /// <summary>This silo hears the signals, itself included, and judges from now on.</summary>
        public sealed record Sighted : Note;

        /// <summary>This silo judges nobody until it is sighted again.</summary>
        /// <param name="ListenIsUp">True: the session seems to be up, but own heartbeats do not come back.</param>
        public sealed record WentBlind(bool ListenIsUp) : Note;

        /// <summary>A leaver said so, or its row does. Once for each silo.</summary>
        public sealed record Leaving(SiloId Silo) : Note;
    }
}
