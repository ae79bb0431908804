using System.ComponentModel.DataAnnotations;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Actors;

/// <summary>Changes of an actor.</summary>
public sealed class UpdateActor : PatchBody
{
    /// <summary>Only between the two.</summary>
    [OneOf("account_user", "account_admin_user")]
    public string? Type { get; init => Set(out field, value); }

    /// <summary>For display.</summary>
    [Text(255)]
    public string? Name { get; init => Set(out field, value); }

    /// <summary>Of users only.</summary>
    [EmailAddress, StringLength(254)]
    public string? Email { get; init => Set(out field, value); }
}
