using System.Text.Json.Serialization;
using Firezone.Admin.Listing;

namespace Firezone.Admin.Tokens;

/// <summary>With which any number of gateways join a site. It does not expire.</summary>
public sealed record GatewayToken : IListed
{
    internal const string Columns = "x.id, x.site_id, x.created_at";

    internal const string Select = $"select {Columns} from gateway_tokens x";

    /// <summary>Identifies the token; no secret.</summary>
    public Guid Id { get; init; }

    /// <summary>The site.</summary>
    public Guid SiteId { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The credential; only in the answer to its creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);

    /// <summary>Without the credential: a record prints its members.</summary>
    public override string ToString() => $"{nameof(GatewayToken)} {Id}";
}
