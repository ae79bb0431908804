using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Policies;

/// <summary>A new policy.</summary>
public sealed record CreatePolicy
{
    /// <summary>Who.</summary>
    [Required]
    public Guid? GroupId { get; init; }

    /// <summary>What.</summary>
    [Required]
    public Guid? ResourceId { get; init; }

    /// <summary>For administrators.</summary>
    [Text(1024)]
    public string? Description { get; init; }

    /// <summary>All must hold; none or empty means always.</summary>
    [MaxLength(ConditionRules.MaxConditions)]
    public PolicyCondition[]? Conditions { get; init; }

    /// <summary>Make it without effect.</summary>
    public bool Disabled { get; init; }
}
