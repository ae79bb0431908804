using Npgsql;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>A gateway token, and the device if it is known. One read.</summary>
internal sealed record GatewayRow(
    byte[] Salt,
    byte[] Hash,
    Guid AccountId,
    Guid SiteId,
    Guid? GatewayId,
    byte[]? PskBase,
    string? Ipv4,
    string? Ipv6,
    bool KeyTaken,
    DateTimeOffset Now,
    long AccountVersion)
{
    /// <summary>
    /// $1 token, $2 external id, $3 public key, both null if the device's attributes are invalid; $4 the time, null where the server's will do.
    /// </summary>
    public const string Sql = """
        select t.secret_salt, t.secret_hash, t.account_id, t.site_id,
            g.id, g.psk_base, host(addr.ipv4), host(addr.ipv6),
            exists (
                select from gateways o
                where o.account_id = t.account_id and o.public_key = $3 and o.public_key <> ''
                    and (o.external_id <> $2 or o.site_id <> t.site_id)) as key_taken,
            coalesce($4, clock_timestamp()), acc.version
        from gateway_tokens t
        join accounts acc on acc.id = t.account_id
        left join gateways g on g.account_id = t.account_id and g.site_id = t.site_id and g.external_id = $2
        left join tunnel_addresses addr on addr.gateway_id = g.id
        where t.id = $1
        """;

    /// <summary>The device and its addresses exist.</summary>
    public bool IsKnown => GatewayId is not null && Ipv4 is not null && Ipv6 is not null;

    public static GatewayRow Read(NpgsqlDataReader r) => new(
        r.GetFieldValue<byte[]>(0),
        r.GetFieldValue<byte[]>(1),
        r.GetGuid(2),
        r.GetGuid(3),
        r.IsDBNull(4) ? null : r.GetGuid(4),
        r.IsDBNull(5) ? null : r.GetFieldValue<byte[]>(5),
        r.IsDBNull(6) ? null : r.GetString(6),
        r.IsDBNull(7) ? null : r.GetString(7),
        r.GetBoolean(8),
        r.GetFieldValue<DateTimeOffset>(9),
        r.GetInt64(10));
}
