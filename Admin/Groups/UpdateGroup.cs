using Firezone.Admin.Validation;

namespace Firezone.Admin.Groups;

/// <summary>Changes of a group.</summary>
public sealed class UpdateGroup : PatchBody
{
    /// <summary>For display.</summary>
    [Text(255)]
    public string? Name { get; init => Set(out field, value); }
}
