using Firezone.Admin.Validation;

namespace Firezone.Admin.Sites;

/// <summary>Changes of a site.</summary>
public sealed class UpdateSite : PatchBody
{
    /// <summary>Unique in the account.</summary>
    [Text(255)]
    public string? Name { get; init => Set(out field, value); }
}
