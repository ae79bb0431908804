namespace Firezone.Storage.Postgres.Routing;

/// <summary>What a replica is good for.</summary>
public enum ReplicaState
{
    /// <summary>Reads go to it.</summary>
    Usable,

    /// <summary>It answers, but is further behind than a read would wait.</summary>
    Lagging,

    /// <summary>It does not answer, or has failed at the last read. The state of every replica before the first look.</summary>
    Unreachable,

    /// <summary>It follows another primary than the one written to, or has data that this one does not have.</summary>
    Diverged,

    /// <summary>It was promoted, or never was a replica.</summary>
    NotAStandby,
}
