using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Sites;

/// <summary>A new site.</summary>
public sealed record CreateSite
{
    /// <summary>Unique in the account.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;
}
