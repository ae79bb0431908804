namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>What happened to a member of the cluster, or to what this silo knows of it.</summary>
public enum MembershipEventKind
{
    /// <summary>It says that it joins.</summary>
    Joining,

    /// <summary>It has joined.</summary>
    Active,

    /// <summary>It stops in good order.</summary>
    Leaving,

    /// <summary>It is gone.</summary>
    Dead,

    /// <summary>This silo has begun to doubt that it lives.</summary>
    Suspected,

    /// <summary>It sends no heartbeats, but answers when it is asked.</summary>
    Vouched,

    /// <summary>This silo doubts no longer.</summary>
    Cleared,

    /// <summary>This silo does not hear the cluster's signals and judges nobody.</summary>
    Blind,

    /// <summary>This silo hears the cluster's signals again.</summary>
    Sighted,
}
