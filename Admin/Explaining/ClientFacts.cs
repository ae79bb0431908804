namespace Firezone.Admin.Explaining;

/// <summary>A client with its actor, its account's version and the token of its latest session.</summary>
internal sealed class ClientFacts
{
    public const string Sql = """
        select x.id, x.actor_id, a.name as actor_name, a.type as actor_type, a.disabled_at is not null as actor_disabled,
            x.last_seen_version, x.last_seen_remote_ip, x.last_seen_region, x.last_seen_city, x.last_seen_lat, x.last_seen_lon,
            x.verified_at is not null as verified, s.ended_at is null and s.id is not null as live, t.auth_provider_id,
            t.expires_at as token_expires_at, acc.version as account_version
        from clients x
        join actors a on a.account_id = x.account_id and a.id = x.actor_id
        join accounts acc on acc.id = x.account_id
        left join lateral (
            select s.id, s.token_id, s.ended_at from sessions s
            where s.account_id = x.account_id and s.device_id = x.id and s.kind = 'client'
            order by s.opened_at desc limit 1) s on true
        left join client_tokens t on t.account_id = x.account_id and t.id = s.token_id
        where x.account_id = @account and x.id = @id
        """;

    public Guid Id { get; init; }

    public Guid ActorId { get; init; }

    public string ActorName { get; init; } = "";

    public string ActorType { get; init; } = "";

    public bool ActorDisabled { get; init; }

    public string? LastSeenVersion { get; init; }

    public string? LastSeenRemoteIp { get; init; }

    public string? LastSeenRegion { get; init; }

    public string? LastSeenCity { get; init; }

    public double? LastSeenLat { get; init; }

    public double? LastSeenLon { get; init; }

    public bool Verified { get; init; }

    public bool Live { get; init; }

    public Guid? AuthProviderId { get; init; }

    public DateTimeOffset? TokenExpiresAt { get; init; }

    public long AccountVersion { get; init; }
}
