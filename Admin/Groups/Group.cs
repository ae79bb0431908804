using Firezone.Admin.Listing;

namespace Firezone.Admin.Groups;

/// <summary>A set of actors.</summary>
public sealed record Group : IListed
{
    internal const string Columns = """
        x.id, x.name, x.managed_by, x.is_everyone as everyone,
        (select count(*) from memberships m where m.account_id = x.account_id and m.group_id = x.id)::int as member_count, x.created_at
        """;

    internal const string Select = $"select {Columns} from groups x";

    /// <summary>Identifies the group.</summary>
    public Guid Id { get; init; }

    /// <summary>For display.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>account</c>, <c>system</c> or <c>idp</c>; only the first can be changed.</summary>
    public string ManagedBy { get; init; } = "";

    /// <summary>All users of the account belong to it, without memberships.</summary>
    public bool Everyone { get; init; }

    /// <summary>How many explicit members it has.</summary>
    public int MemberCount { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
