using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Sessions;

/// <summary>A session as its device's grain knows it.</summary>
public sealed record LiveGrain
{
    /// <summary>Where the grain is: <c>address:port@generation</c>.</summary>
    public string Silo { get; init; } = "";

    /// <summary>Since when the session is attached there.</summary>
    public DateTimeOffset? AttachedAt { get; init; }

    /// <summary>Version of the account that decisions are made on there; null for relays.</summary>
    public long? SnapshotVersion { get; init; }

    /// <summary>Whether a change waits that concerns this session.</summary>
    public bool ChangePending { get; init; }

    /// <summary>Pushes since the session was attached there.</summary>
    public long PushesSent { get; init; }

    /// <summary>Ids of the relays that the device has been told; null for relays.</summary>
    public IReadOnlyList<Guid>? Relays { get; init; }

    /// <summary>How many resources a client has been told.</summary>
    public int? Resources { get; init; }

    /// <summary>When a client's access changes next although nothing is changed; null: never.</summary>
    public DateTimeOffset? NextEvaluationAt { get; init; }

    /// <summary>How many grants a gateway serves.</summary>
    public int? Authorizations { get; init; }

    /// <summary>How many flows a gateway was asked for that are not settled.</summary>
    public int? FlowsUnderWay { get; init; }

    /// <summary>How many of a gateway's grants are being stored.</summary>
    public int? RowsUnderWay { get; init; }

    internal static LiveGrain Of(SessionState state) => new()
    {
        Silo = state.Silo,
        AttachedAt = state.AttachedAt,
        SnapshotVersion = state.SnapshotVersion,
        ChangePending = state.HasChange,
        PushesSent = state.PushesSent,
        Relays = state.ToldRelays,
        Resources = state.Resources,
        NextEvaluationAt = state.NextEvaluation,
        Authorizations = state.Authorizations,
        FlowsUnderWay = state.FlowsUnderWay,
        RowsUnderWay = state.RowsUnderWay,
    };
}
