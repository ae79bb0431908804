namespace Firezone.Membership.Postgres.Detection;

/// <summary>Status of a silo in the membership table, as far as the detector cares.</summary>
public enum MemberStatus
{
    /// <summary>Not started far enough to be judged.</summary>
    Created,

    Joining,

    Active,

    /// <summary>Leaving in order: takes no new work.</summary>
    ShuttingDown,

    /// <summary>Leaving at once.</summary>
    Stopping,

    Dead,
}
