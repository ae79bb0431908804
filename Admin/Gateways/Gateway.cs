using Firezone.Admin.Listing;

namespace Firezone.Admin.Gateways;

/// <summary>A gateway that has connected at least once.</summary>
public sealed record Gateway : IListed
{
    internal const string IsOnline =
        "exists (select from sessions s where s.account_id = x.account_id and s.device_id = x.id and s.kind = 'gateway' and s.ended_at is null)";

    internal const string Select = $"""
        select x.id, x.site_id, x.name, x.external_id, x.public_key, host(t.ipv4) as ipv4, host(t.ipv6) as ipv6, {IsOnline} as online,
            x.last_seen_at, x.last_seen_version, x.last_seen_user_agent, x.last_seen_remote_ip,
            x.last_seen_region, x.last_seen_city, x.last_seen_lat, x.last_seen_lon, x.created_at
        from gateways x left join tunnel_addresses t on t.account_id = x.account_id and t.gateway_id = x.id
        """;

    /// <summary>Identifies the device.</summary>
    public Guid Id { get; init; }

    /// <summary>Its site.</summary>
    public Guid SiteId { get; init; }

    /// <summary>As it calls itself.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its own identity.</summary>
    public string ExternalId { get; init; } = "";

    /// <summary>Of its last connect.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>Tunnel address.</summary>
    public string? Ipv4 { get; init; }

    /// <summary>Tunnel address.</summary>
    public string? Ipv6 { get; init; }

    /// <summary>It is connected.</summary>
    public bool Online { get; init; }

    /// <summary>Its last connect.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Of its last connect.</summary>
    public string? LastSeenVersion { get; init; }

    /// <summary>Of its last connect.</summary>
    public string? LastSeenUserAgent { get; init; }

    /// <summary>Of its last connect.</summary>
    public string? LastSeenRemoteIp { get; init; }

    /// <summary>Country of its last connect.</summary>
    public string? LastSeenRegion { get; init; }

    /// <summary>Of its last connect.</summary>
    public string? LastSeenCity { get; init; }

    /// <summary>Degrees.</summary>
    public double? LastSeenLat { get; init; }

    /// <summary>Degrees.</summary>
    public double? LastSeenLon { get; init; }

    /// <summary>Its first connect.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    Cursor IListed.Place() => new(CreatedAt, Id);
}
