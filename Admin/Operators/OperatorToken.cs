using System.Text.Json.Serialization;
using Firezone.Admin.Listing;

namespace Firezone.Admin.Operators;

/// <summary>With which the cluster is run.</summary>
public sealed record OperatorToken : IListed
{
    /// <summary>Which rows are operators' tokens.</summary>
    internal const string Mine = "x.role = 'operator'";

    internal const string Columns = "x.id, x.name, x.expires_at, x.last_used_at, x.created_at";

    internal const string Select = $"select {Columns} from admin_tokens x";

    /// <summary>Identifies the token; no secret.</summary>
    public Guid Id { get; init; }

    /// <summary>For display.</summary>
    public string Name { get; init; } = "";

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
    public override string ToString() => $"{nameof(OperatorToken)} {Id}";
}
