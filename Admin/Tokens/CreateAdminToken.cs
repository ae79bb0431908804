using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Tokens;

/// <summary>A new admin token of an account.</summary>
public sealed record CreateAdminToken
{
    /// <summary>For display.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;

    /// <summary>An api_client or account_admin_user.</summary>
    [Required]
    public Guid? ActorId { get; init; }

    /// <summary>What it may do.</summary>
    [Required, OneOf("reader", "admin")]
    public string Role { get; init; } = null!;

    /// <summary>In the future; none: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
