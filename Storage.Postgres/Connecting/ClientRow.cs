using Npgsql;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>A client token with its actor and account, and the device if it is known. One read.</summary>
internal sealed record ClientRow
{
    private const string Columns = """
            t.secret_salt, t.secret_hash, t.account_id, t.actor_id, t.expires_at, t.auth_provider_id,
            a.type, a.name, a.email,
            a.type <> 'api_client' and a.disabled_at is null and acc.disabled_at is null as enabled,
            case a.type when 'service_account' then acc.service_accounts_limit_exceeded else acc.users_limit_exceeded end as limited,
            c.id, c.psk_base, host(addr.ipv4), host(addr.ipv6), c.verified_at is not null as verified,
            c.device_serial, c.device_uuid, c.identifier_for_vendor, c.firebase_installation_id,
            exists (
                select from clients o
                where o.account_id = t.account_id and o.actor_id = t.actor_id and o.public_key = v.public_key and o.public_key <> ''
                    and o.external_id <> v.external_id) as key_taken,
            coalesce($4, clock_timestamp()), acc.version
        """;

    // offset: joined plainly to the array, devices are looked up by actor alone, and all that the actor has are read.
    private const string Joins = """
        join client_tokens t on t.id = v.token_id
        join actors a on a.id = t.actor_id
        join accounts acc on acc.id = t.account_id
        left join lateral (
            select * from clients
            where account_id = t.account_id and actor_id = t.actor_id and external_id = v.external_id
            offset 0) c on true
        left join tunnel_addresses addr on addr.client_id = c.id
        """;

    /// <summary>
    /// $1 token, $2 external id, $3 public key, both null if the device's attributes are invalid; $4 the time, null where the server's will do.
    /// </summary>
    public const string Sql = $"""
        select
        {Columns}
        from (select $1::uuid as token_id, $2::text as external_id, $3::text as public_key) v
        {Joins}
        """;

    /// <summary>The same for many: the first three are arrays. Before the columns comes the place in them, from 1; unknown tokens have no row.</summary>
    public const string ManySql = $"""
        select v.place,
        {Columns}
        from unnest($1, $2, $3) with ordinality as v (token_id, external_id, public_key, place)
        {Joins}
        """;

    public required byte[] Salt { get; init; }

    public required byte[] Hash { get; init; }

    public required Guid AccountId { get; init; }

    public required Guid ActorId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Guid? AuthProviderId { get; init; }

    public required string ActorType { get; init; }

    public required string ActorName { get; init; }

    public required string? ActorEmail { get; init; }

    public required bool Enabled { get; init; }

    public required bool Limited { get; init; }

    public required Guid? ClientId { get; init; }

    public required byte[]? PskBase { get; init; }

    public required string? Ipv4 { get; init; }

    public required string? Ipv6 { get; init; }

    public required bool Verified { get; init; }

    public required string?[] HardwareIds { get; init; }

    public required bool KeyTaken { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required long AccountVersion { get; init; }

    /// <summary>The device and its addresses exist.</summary>
    public bool IsKnown => ClientId is not null && Ipv4 is not null && Ipv6 is not null;

    /// <summary>Every hardware identifier that is stored is also sent, and equal. New ones may come along.</summary>
    public bool SameHardware(ClientDevice device)
    {
        string?[] sent = [device.DeviceSerial, device.DeviceUuid, device.IdentifierForVendor, device.FirebaseInstallationId];
        return HardwareIds.Zip(sent).All(pair => pair.First is null || pair.First == pair.Second);
    }

    /// <param name="r">On a row.</param>
    /// <param name="o">Where its columns begin.</param>
    public static ClientRow Read(NpgsqlDataReader r, int o = 0) => new()
    {
        Salt = r.GetFieldValue<byte[]>(o),
        Hash = r.GetFieldValue<byte[]>(o + 1),
        AccountId = r.GetGuid(o + 2),
        ActorId = r.GetGuid(o + 3),
        ExpiresAt = r.GetFieldValue<DateTimeOffset>(o + 4),
        AuthProviderId = r.IsDBNull(o + 5) ? null : r.GetGuid(o + 5),
        ActorType = r.GetString(o + 6),
        ActorName = r.GetString(o + 7),
        ActorEmail = Text(r, o + 8),
        Enabled = r.GetBoolean(o + 9),
        Limited = r.GetBoolean(o + 10),
        ClientId = r.IsDBNull(o + 11) ? null : r.GetGuid(o + 11),
        PskBase = r.IsDBNull(o + 12) ? null : r.GetFieldValue<byte[]>(o + 12),
        Ipv4 = Text(r, o + 13),
        Ipv6 = Text(r, o + 14),
        Verified = r.GetBoolean(o + 15),
        HardwareIds = [Text(r, o + 16), Text(r, o + 17), Text(r, o + 18), Text(r, o + 19)],
        KeyTaken = r.GetBoolean(o + 20),
        Now = r.GetFieldValue<DateTimeOffset>(o + 21),
        AccountVersion = r.GetInt64(o + 22),
    };

    private static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);
}
