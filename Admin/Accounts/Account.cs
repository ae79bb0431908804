using Firezone.Admin.Listing;

namespace Firezone.Admin.Accounts;

/// <summary>An account.</summary>
public sealed record Account : IListed
{
    internal const string Columns = """
        x.id, x.name, x.slug, x.config, x.disabled_at, x.users_limit_exceeded, x.service_accounts_limit_exceeded, x.created_at
        """;

    internal const string Select = $"select {Columns} from accounts x";

    /// <summary>Identifies the account.</summary>
    public Guid Id { get; init; }

    /// <summary>For display.</summary>
    public string Name { get; init; } = "";

    /// <summary>Short name, unique in the cluster.</summary>
    public string Slug { get; init; } = "";

    /// <summary>What is prescribed to clients.</summary>
    public AccountSettings Config { get; init; } = new();

    /// <summary>Null: it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Users cannot connect.</summary>
    public bool UsersLimitExceeded { get; init; }

    /// <summary>Service accounts cannot connect.</summary>
    public bool ServiceAccountsLimitExceeded { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
