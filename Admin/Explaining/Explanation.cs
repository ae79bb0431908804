namespace Firezone.Admin.Explaining;

/// <summary>Why a client may or may not reach a resource.</summary>
public sealed record Explanation
{
    /// <summary>Who.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>What.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>When it was judged.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>granted</c> or <c>denied</c>.</summary>
    public required string Access { get; init; }

    /// <summary>The first reason that applies.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words.</summary>
    public required string Detail { get; init; }

    /// <summary>Until when access would be granted; null: without limit, or it is denied.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The policy that grants.</summary>
    public required Guid? PolicyId { get; init; }

    /// <summary>Properties of the conditions that fail, when no policy conforms.</summary>
    public required IReadOnlyList<string> ViolatedProperties { get; init; }

    /// <summary>The client as conditions judge it.</summary>
    public required ExplainedSubject Subject { get; init; }

    /// <summary>Every policy of the resource, whoever it concerns.</summary>
    public required IReadOnlyList<ExplainedPolicy> Policies { get; init; }

    /// <summary>The gateway that would be chosen, or why none; null when no policy grants.</summary>
    public required ExplainedGateway? Gateway { get; init; }

    /// <summary>The version of the account's configuration in the database.</summary>
    public required long AccountVersion { get; init; }

    /// <summary>The version that the answering silo has.</summary>
    public required long SnapshotVersion { get; init; }
}
