using Firezone.Admin.Listing;

namespace Firezone.Admin.Actors;

/// <summary>A person or a program.</summary>
public sealed record Actor : IListed
{
    internal const string Columns = "x.id, x.type, x.name, x.email, x.disabled_at, x.created_at";

    internal const string Select = $"select {Columns} from actors x";

    /// <summary>Identifies the actor.</summary>
    public Guid Id { get; init; }

    /// <summary><c>account_user</c>, <c>account_admin_user</c>, <c>service_account</c> or <c>api_client</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>For display.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of people only.</summary>
    public string? Email { get; init; }

    /// <summary>Null: it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
