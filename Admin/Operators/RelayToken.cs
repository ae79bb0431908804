using System.Text.Json.Serialization;
using Firezone.Admin.Listing;

namespace Firezone.Admin.Operators;

/// <summary>With which any number of relays connect.</summary>
public sealed record RelayToken : IListed
{
    internal const string Columns = "x.id, x.created_at";

    internal const string Select = $"select {Columns} from relay_tokens x";

    /// <summary>Identifies the token; no secret.</summary>
    public Guid Id { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The credential; only in the answer to its creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);

    /// <summary>Without the credential: a record prints its members.</summary>
    public override string ToString() => $"{nameof(RelayToken)} {Id}";
}
