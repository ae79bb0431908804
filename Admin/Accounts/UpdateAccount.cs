using Firezone.Admin.Validation;

namespace Firezone.Admin.Accounts;

/// <summary>Changes of the account.</summary>
public sealed class UpdateAccount : PatchBody
{
    /// <summary>For display.</summary>
    [Text(255)]
    public string? Name { get; init => Set(out field, value); }

    /// <summary>Unique in the cluster.</summary>
    [Slug]
    public string? Slug { get; init => Set(out field, value); }

    /// <summary>Takes the place of the whole config.</summary>
    public AccountSettings? Config { get; init => Set(out field, value); }
}
