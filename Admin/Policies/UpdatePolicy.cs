using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Policies;

/// <summary>Changes of a policy.</summary>
public sealed class UpdatePolicy : PatchBody
{
    /// <summary>Who.</summary>
    public Guid? GroupId { get; init => Set(out field, value); }

    /// <summary>What.</summary>
    public Guid? ResourceId { get; init => Set(out field, value); }

    /// <summary>For administrators.</summary>
    [Text(1024)]
    public string? Description { get; init => Set(out field, value); }

    /// <summary>All must hold; empty means always.</summary>
    [MaxLength(ConditionRules.MaxConditions)]
    public PolicyCondition[]? Conditions { get; init => Set(out field, value); }
}
