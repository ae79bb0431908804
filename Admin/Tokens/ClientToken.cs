using System.Text.Json.Serialization;
using Firezone.Admin.Listing;

namespace Firezone.Admin.Tokens;

/// <summary>With which clients of an actor connect.</summary>
public sealed record ClientToken : IListed
{
    internal const string Columns = """
        x.id, x.actor_id, x.auth_provider_id, x.expires_at, x.last_seen_at, x.last_seen_user_agent, x.last_seen_remote_ip,
        x.last_seen_region, x.created_at
        """;

    internal const string Select = $"select {Columns} from client_tokens x";

    /// <summary>Identifies the token; no secret.</summary>
    public Guid Id { get; init; }

    /// <summary>The actor.</summary>
    public Guid ActorId { get; init; }

    /// <summary>With which the actor signed in; null for tokens made by an administrator.</summary>
    public Guid? AuthProviderId { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Its last connect.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Of its last connect.</summary>
    public string? LastSeenUserAgent { get; init; }

    /// <summary>Of its last connect.</summary>
    public string? LastSeenRemoteIp { get; init; }

    /// <summary>Country of its last connect.</summary>
    public string? LastSeenRegion { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The credential; only in the answer to its creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);

    /// <summary>Without the credential: a record prints its members.</summary>
    public override string ToString() => $"{nameof(ClientToken)} {Id}";
}
