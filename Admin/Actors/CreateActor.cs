using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Actors;

/// <summary>A new actor.</summary>
public sealed record CreateActor
{
    /// <summary>Users sign in; a service account has client tokens, an api_client admin tokens.</summary>
    [Required, OneOf("account_user", "account_admin_user", "service_account", "api_client")]
    public string Type { get; init; } = null!;

    /// <summary>For display.</summary>
    [Required, Text(255)]
    public string Name { get; init; } = null!;

    /// <summary>Of users only.</summary>
    [EmailAddress, StringLength(254)]
    public string? Email { get; init; }
}
