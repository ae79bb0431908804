using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Groups;

/// <summary>A new group.</summary>
public sealed record CreateGroup
{
    /// <summary>For display.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;
}
