using Firezone.Admin.Listing;

namespace Firezone.Admin.Policies;

/// <summary>Lets a group reach a resource.</summary>
public sealed record Policy : IListed
{
    internal const string Columns = "x.id, x.group_id, x.resource_id, x.description, x.conditions, x.disabled_at, x.created_at";

    internal const string Select = $"select {Columns} from policies x";

    /// <summary>Identifies the policy.</summary>
    public Guid Id { get; init; }

    /// <summary>Who.</summary>
    public Guid GroupId { get; init; }

    /// <summary>What.</summary>
    public Guid ResourceId { get; init; }

    /// <summary>For administrators.</summary>
    public string? Description { get; init; }

    /// <summary>All must hold; empty means always.</summary>
    public PolicyCondition[] Conditions { get; init; } = [];

    /// <summary>Null: it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
