using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Policies;

/// <summary>A condition of a policy; all of a policy's conditions must hold.</summary>
public sealed record PolicyCondition
{
    /// <summary>What is looked at.</summary>
    [Required, OneOf("remote_ip_location_region", "remote_ip", "auth_provider_id", "client_verified", "current_utc_datetime")]
    public string Property { get; init; } = null!;

    /// <summary>How it is compared; which ones there are depends on the property.</summary>
    [Required, OneOf("is_in", "is_not_in", "is_in_cidr", "is_not_in_cidr", "is", "is_in_day_of_week_time_ranges")]
    public string Operator { get; init; } = null!;

    /// <summary>Alternatives.</summary>
    [Required, MinLength(1), MaxLength(100)]
    public string[] Values { get; init; } = null!;
}
