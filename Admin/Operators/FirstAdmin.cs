using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Operators;

/// <summary>The first administrator of a new account.</summary>
public sealed record FirstAdmin
{
    /// <summary>For display.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;

    /// <summary>To sign in with.</summary>
    [EmailAddress, StringLength(254)]
    public string? Email { get; init; }
}
