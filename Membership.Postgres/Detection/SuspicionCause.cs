namespace Firezone.Membership.Postgres.Detection;

/// <summary>What made a silo suspect.</summary>
public enum SuspicionCause
{
    /// <summary>The session that held its lock is gone.</summary>
    SessionLost,

    /// <summary>No heartbeat for longer than the limit.</summary>
    MissedHeartbeats,
}
