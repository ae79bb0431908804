using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Operators;

/// <summary>A new operator's token.</summary>
public sealed record CreateOperatorToken
{
    /// <summary>For display.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;

    /// <summary>In the future; none: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
