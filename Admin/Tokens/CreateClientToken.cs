using System.ComponentModel.DataAnnotations;

namespace Firezone.Admin.Tokens;

/// <summary>A new token of a service account.</summary>
public sealed record CreateClientToken
{
    /// <summary>In the future.</summary>
    [Required]
    public DateTimeOffset? ExpiresAt { get; init; }
}
