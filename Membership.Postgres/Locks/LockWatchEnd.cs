namespace Firezone.Membership.Postgres.Locks;

/// <summary>How the wait for a silo's session lock ended.</summary>
internal enum LockWatchEnd
{
    /// <summary>Nobody holds the lock: the silo's session is gone. Only a direct probe tells whether the silo is.</summary>
    Released,

    /// <summary>The own connection failed. Nothing is known about the silo.</summary>
    Broken,
}
