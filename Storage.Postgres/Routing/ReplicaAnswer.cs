namespace Firezone.Storage.Postgres.Routing;

/// <summary>What a replica's answer is worth.</summary>
internal enum ReplicaAnswer
{
    /// <summary>It is new enough.</summary>
    Good,

    /// <summary>The replica has not replayed what must be in it; a moment later it may have.</summary>
    Behind,

    /// <summary>None: too many are waiting for one of its connections.</summary>
    Busy,

    /// <summary>Only the primary can tell.</summary>
    Useless,

    /// <summary>The server is no standby.</summary>
    Promoted,
}
