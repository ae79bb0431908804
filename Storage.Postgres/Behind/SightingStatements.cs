using Firezone.Storage.Postgres.Batching;
using Firezone.Storage.Postgres.Connecting;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Behind;

/// <summary>What connects of known devices change, one statement per table.</summary>
internal static class SightingStatements
{
    // Updated in the order of ids, so that two processes which saw the same devices do not deadlock: under the settings of the writer each
    // row is looked up by its id, in the order in which they are listed.
    private const string Clients = """
        with v as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as v (
                id, seen_at, user_agent, remote_ip, region, city, lat, lon, version,
                public_key, device_serial, device_uuid, identifier_for_vendor, firebase_installation_id, unverify)
            order by id)
        update clients c
        set public_key = v.public_key, device_serial = v.device_serial, device_uuid = v.device_uuid,
            identifier_for_vendor = v.identifier_for_vendor, firebase_installation_id = v.firebase_installation_id,
            verified_at = case when not v.unverify then c.verified_at end,
            last_seen_at = v.seen_at, last_seen_user_agent = v.user_agent, last_seen_remote_ip = v.remote_ip,
            last_seen_region = v.region, last_seen_city = v.city, last_seen_lat = v.lat, last_seen_lon = v.lon,
            last_seen_version = v.version
        from v
        where c.id = v.id and c.last_seen_at <= v.seen_at
        """;

    private const string Gateways = """
        with v as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as v (
                id, seen_at, user_agent, remote_ip, region, city, lat, lon, version, public_key, name)
            order by id)
        update gateways g
        set public_key = v.public_key, name = coalesce(nullif(v.name, ''), g.name),
            last_seen_at = v.seen_at, last_seen_user_agent = v.user_agent, last_seen_remote_ip = v.remote_ip,
            last_seen_region = v.region, last_seen_city = v.city, last_seen_lat = v.lat, last_seen_lon = v.lon,
            last_seen_version = v.version
        from v
        where g.id = v.id and g.last_seen_at <= v.seen_at
        """;

    private const string Tokens = """
        with v as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8) as v (id, seen_at, user_agent, remote_ip, region, city, lat, lon)
            order by id)
        update client_tokens t
        set last_seen_at = v.seen_at, last_seen_user_agent = v.user_agent, last_seen_remote_ip = v.remote_ip,
            last_seen_region = v.region, last_seen_city = v.city, last_seen_lat = v.lat, last_seen_lon = v.lon
        from v
        where t.id = v.id and (t.last_seen_at is null or t.last_seen_at <= v.seen_at)
        """;

    public static NpgsqlBatchCommand Update(IReadOnlyList<ClientSighting> rows)
    {
        var update = new NpgsqlBatchCommand(Clients);
        var p = update.Parameters;
        p.AddUuid(rows, r => r.ClientId);
        p.AddTime(rows, r => r.At);
        AddOrigin(p, rows, r => r.Origin);
        p.AddText(rows, r => r.Device.Version);
        p.AddText(rows, r => r.Device.PublicKey);
        p.AddText(rows, r => r.Device.DeviceSerial);
        p.AddText(rows, r => r.Device.DeviceUuid);
        p.AddText(rows, r => r.Device.IdentifierForVendor);
        p.AddText(rows, r => r.Device.FirebaseInstallationId);
        p.AddColumn(rows, NpgsqlDbType.Boolean, r => r.Unverify);
        return update;
    }

    public static NpgsqlBatchCommand Update(IReadOnlyList<GatewaySighting> rows)
    {
        var update = new NpgsqlBatchCommand(Gateways);
        var p = update.Parameters;
        p.AddUuid(rows, r => r.GatewayId);
        p.AddTime(rows, r => r.At);
        AddOrigin(p, rows, r => r.Origin);
        p.AddText(rows, r => r.Device.Version);
        p.AddText(rows, r => r.Device.PublicKey);
        p.AddText(rows, r => r.Device.Name);
        return update;
    }

    public static NpgsqlBatchCommand Update(IReadOnlyList<TokenSighting> rows)
    {
        var update = new NpgsqlBatchCommand(Tokens);
        update.Parameters.AddUuid(rows, r => r.TokenId);
        update.Parameters.AddTime(rows, r => r.At);
        AddOrigin(update.Parameters, rows, r => r.Origin);
        return update;
    }

    private static void AddOrigin<T>(NpgsqlParameterCollection p, IReadOnlyList<T> rows, Func<T, ConnectOrigin> origin)
    {
        p.AddText(rows, r => origin(r).UserAgent);
        p.AddText(rows, r => origin(r).RemoteIp);
        p.AddText(rows, r => origin(r).Region);
        p.AddText(rows, r => origin(r).City);
        p.AddDouble(rows, r => origin(r).Latitude);
        p.AddDouble(rows, r => origin(r).Longitude);
    }
}
