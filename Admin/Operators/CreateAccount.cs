using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Operators;

/// <summary>A new account.</summary>
public sealed record CreateAccount
{
    /// <summary>For display.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;

    /// <summary>Unique in the cluster.</summary>
    [Required, Slug]
    public string Slug { get; init; } = null!;

    /// <summary>Its first administrator, who gets an admin token; none: make one later.</summary>
    public FirstAdmin? Admin { get; init; }
}
