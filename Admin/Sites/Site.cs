using Firezone.Admin.Listing;

namespace Firezone.Admin.Sites;

/// <summary>A group of gateways.</summary>
public sealed record Site : IListed
{
    internal const string Columns = "x.id, x.name, x.managed_by, x.created_at";

    internal const string Select = $"select {Columns} from sites x";

    /// <summary>Identifies the site.</summary>
    public Guid Id { get; init; }

    /// <summary>Unique in the account.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>account</c> or <c>system</c>; the latter cannot be changed.</summary>
    public string ManagedBy { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
