namespace Firezone.Admin.Explaining;

/// <summary>A policy of the resource and what it says of the client.</summary>
public sealed record ExplainedPolicy
{
    /// <summary>The policy.</summary>
    public required Guid PolicyId { get; init; }

    /// <summary>Its group.</summary>
    public required Guid GroupId { get; init; }

    /// <summary>Its group.</summary>
    public required string GroupName { get; init; }

    /// <summary>The actor belongs to the group.</summary>
    public required bool Member { get; init; }

    /// <summary>Through which membership; null for Everyone.</summary>
    public required Guid? MembershipId { get; init; }

    /// <summary>The policy is disabled.</summary>
    public required bool Disabled { get; init; }

    /// <summary>The cluster counts it among the actor's policies.</summary>
    public required bool InEffect { get; init; }

    /// <summary>All of its conditions hold now.</summary>
    public required bool Conforms { get; init; }

    /// <summary>Until when they do; null: no limit.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>It is the one that grants.</summary>
    public required bool Chosen { get; init; }

    /// <summary>One by one.</summary>
    public required IReadOnlyList<ExplainedCondition> Conditions { get; init; }
}
