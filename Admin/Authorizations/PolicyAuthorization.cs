using Firezone.Admin.Listing;

namespace Firezone.Admin.Authorizations;

/// <summary>A granted flow.</summary>
public sealed record PolicyAuthorization : IListed
{
    internal const string Columns = """
        x.id, x.client_id, x.gateway_id, x.resource_id, x.policy_id, x.membership_id, x.token_id, x.client_remote_ip, x.client_user_agent,
        x.gateway_remote_ip, x.expires_at, x.created_at
        """;

    internal const string Select = $"select {Columns} from policy_authorizations x";

    /// <summary>Those of the account that have not expired.</summary>
    internal const string Live = "x.account_id = @account and x.expires_at > clock_timestamp()";

    /// <summary>Identifies the authorization.</summary>
    public Guid Id { get; init; }

    /// <summary>To whom.</summary>
    public Guid ClientId { get; init; }

    /// <summary>Through which gateway.</summary>
    public Guid GatewayId { get; init; }

    /// <summary>To what.</summary>
    public Guid ResourceId { get; init; }

    /// <summary>By which policy.</summary>
    public Guid PolicyId { get; init; }

    /// <summary>By which membership; null for Everyone.</summary>
    public Guid? MembershipId { get; init; }

    /// <summary>The client's token.</summary>
    public Guid TokenId { get; init; }

    /// <summary>Of the client's connect.</summary>
    public string ClientRemoteIp { get; init; } = "";

    /// <summary>Of the client's connect.</summary>
    public string ClientUserAgent { get; init; } = "";

    /// <summary>Of the gateway's connect.</summary>
    public string GatewayRemoteIp { get; init; } = "";

    /// <summary>Until when.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
