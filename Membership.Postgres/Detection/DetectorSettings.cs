namespace Firezone.Membership.Postgres.Detection;

/// <summary>Times and limits of a <see cref="FailureDetector"/>.</summary>
public sealed record DetectorSettings
{
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Heartbeats in a row that may be missed.</summary>
    public int MissedLimit { get; init; } = 3;

    /// <summary>How many silos each silo watches, and is watched by.</summary>
    public int Watchers { get; init; } = 2;

    /// <summary>How long a probe may take. One without an answer that took more than twice as long is repeated: this process was held up.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How much later than the one before it each further silo acts on missed heartbeats: a little more than a probe takes.</summary>
    public TimeSpan Stagger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much later than the one before it each further watcher acts on a released lock.</summary>
    public TimeSpan LockStagger { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How much more than two heartbeat intervals the own echo may be late.</summary>
    public TimeSpan SightMargin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a leaver may be without heartbeats.</summary>
    public TimeSpan GoodbyeGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause before the second attempt at the table; doubles up to <see cref="RetryMax"/>, less up to a half by chance.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many silos that the view does not have, or has as dead, are remembered.</summary>
    public int MaxStrangers { get; init; } = 64;

    /// <summary>Gives numbers from 0 up to, not including, 1.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    internal TimeSpan SilenceLimit => HeartbeatInterval * MissedLimit;

    internal TimeSpan EchoLimit => HeartbeatInterval * 2 + SightMargin;

    /// <summary>A silo that misses a heartbeat is not counted on to act for, or to vouch for, others.</summary>
    internal TimeSpan LateLimit => HeartbeatInterval * 1.5;

    public static DetectorSettings From(PostgresMembershipOptions options) => new()
    {
        HeartbeatInterval = options.HeartbeatInterval,
        MissedLimit = options.MissedHeartbeatsLimit,
        Watchers = options.Watchers,
        ProbeTimeout = options.ProbeTimeout,
        Stagger = options.ProbeTimeout + TimeSpan.FromMilliseconds(250),
        SightMargin = options.HeartbeatInterval / 5,
        GoodbyeGrace = options.HeartbeatInterval * options.MissedHeartbeatsLimit * 4,
    };
}
