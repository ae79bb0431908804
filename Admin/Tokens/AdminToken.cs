using System.Text.Json.Serialization;
using Firezone.Admin.Listing;

namespace Firezone.Admin.Tokens;

/// <summary>With which an account is administered.</summary>
public sealed record AdminToken : IListed
{
    internal const string Columns = "x.id, x.name, x.actor_id, x.role, x.expires_at, x.last_used_at, x.created_at";

    internal const string Select = $"select {Columns} from admin_tokens x";

    /// <summary>Identifies the token; no secret.</summary>
    public Guid Id { get; init; }

    /// <summary>For display.</summary>
    public string Name { get; init; } = "";

    /// <summary>For whom it acts.</summary>
    public Guid ActorId { get; init; }

    /// <summary><c>reader</c> or <c>admin</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary>Until when; null: until it is deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The credential; only in the answer to its creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);

    /// <summary>Without the credential: a record prints its members.</summary>
    public override string ToString() => $"{nameof(AdminToken)} {Id}";
}
