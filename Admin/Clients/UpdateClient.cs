using Firezone.Admin.Validation;

namespace Firezone.Admin.Clients;

/// <summary>Changes of a client.</summary>
public sealed class UpdateClient : PatchBody
{
    /// <summary>For display.</summary>
    [Text(255)]
    public string? Name { get; init => Set(out field, value); }
}
