using Firezone.Storage.Postgres.Batching;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Routing;
using Npgsql;

namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>Reads granted flows.</summary>
/// <param name="database">A gateway that reconnects right after a grant finds it, wherever it reads.</param>
public sealed class AuthorizationReader(Database database)
{
    // One statement, so that all of it is of one instant. Rows without an id are revoked pairs, the one without a client is the account.
    private const string ForGateway = """
        select x.id, x.client_id, x.resource_id, x.expires_at, x.policy_id, x.membership_id, x.token_id, null::bigint,
            coalesce(x.told_revision, r.revision), x.told_revision < r.revision
        from policy_authorizations x join resources r on r.id = x.resource_id
        where x.gateway_id = $1 and x.expires_at > coalesce($2, clock_timestamp())
        union all
        select null, r.client_id, r.resource_id, null, null, null, null, null, null, null
        from revoked_authorizations r
        where r.gateway_id = $1 and r.expires_at > coalesce($2, clock_timestamp())
        union all
        select null, null, null, null, null, null, null, a.version, null, null
        from gateways g join accounts a on a.id = g.account_id
        where g.id = $1
        """;

    private const string Exists = "select exists (select from policy_authorizations where id = $1)";

    private const string Subjects = """
        select c.id, t.id, a.id, a.type, c.last_seen_region, coalesce(c.last_seen_remote_ip, ''), coalesce(c.last_seen_user_agent, ''),
            t.auth_provider_id, c.verified_at is not null, t.expires_at
        from (select distinct * from unnest($1, $2) as v (client_id, token_id)) v
        join clients c on c.id = v.client_id
        join client_tokens t on t.id = v.token_id and t.account_id = c.account_id and t.actor_id = c.actor_id
        join actors a on a.id = c.actor_id
        join accounts acc on acc.id = c.account_id
        where t.expires_at > clock_timestamp() and a.type <> 'api_client' and a.disabled_at is null and acc.disabled_at is null
        """;

    /// <summary>What a gateway may let through. Expiry is judged by the primary's clock.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="ct">Gives up.</param>
    public Task<GatewayAuthorizations> LoadForGatewayAsync(Guid gatewayId, CancellationToken ct) => database.ReadAsync(
        new ReadQuery<GatewayAuthorizations>(
            (commands, now) => commands.Add(new(ForGateway) { Parameters = { Parameters.Uuid(gatewayId), Parameters.Time(now) } }), ReadAsync),
        ct);

    /// <summary>Whether the authorization is stored, expired or not. False after it was revoked.</summary>
    /// <param name="authorizationId">The authorization.</param>
    /// <param name="ct">Gives up.</param>
    public Task<bool> ExistsAsync(Guid authorizationId, CancellationToken ct) => database.ReadAsync(
        new ReadQuery<bool>(
            (commands, _) => commands.Add(new(Exists) { Parameters = { Parameters.Uuid(authorizationId) } }),
            async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0)),
        ct);

    /// <summary>
    /// The clients among these that might be granted something anew: client and token exist and belong to the same actor, the token has
    /// not expired, actor and account are enabled. In no particular order, each pair once. From the primary: what it says is granted.
    /// </summary>
    /// <param name="pairs">Any number.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<RenewalSubject[]> LoadSubjectsAsync(IReadOnlyList<(Guid ClientId, Guid TokenId)> pairs, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0)
            return [];
        await using var command = database.Write.CreateCommand(Subjects);
        command.Parameters.AddUuid(pairs, p => p.ClientId);
        command.Parameters.AddUuid(pairs, p => p.TokenId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var subjects = new List<RenewalSubject>();
        while (await reader.ReadAsync(ct))
            subjects.Add(Subject(reader));
        return [.. subjects];
    }

    private static async Task<GatewayAuthorizations> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var version = 0L;
        var rows = new List<GatewayAuthorization>();
        var revoked = new List<RevokedPair>();
        while (await reader.ReadAsync(ct))
        {
            if (!reader.IsDBNull(0))
                rows.Add(Authorization(reader));
            else if (!reader.IsDBNull(1))
                revoked.Add(new(reader.GetGuid(1), reader.GetGuid(2)));
            else
                version = reader.GetInt64(7);
        }
        return new(version, [.. rows], [.. revoked]);
    }

    private static GatewayAuthorization Authorization(NpgsqlDataReader r) => new(
        r.GetGuid(0),
        r.GetGuid(1),
        r.GetGuid(2),
        r.GetFieldValue<DateTimeOffset>(3),
        r.GetGuid(4),
        r.IsDBNull(5) ? null : r.GetGuid(5),
        r.GetGuid(6),
        r.GetInt64(8),
        !r.IsDBNull(9) && r.GetBoolean(9));

    private static RenewalSubject Subject(NpgsqlDataReader r) => new(
        r.GetGuid(0),
        r.GetGuid(1),
        r.GetGuid(2),
        r.GetString(3),
        r.IsDBNull(4) ? null : r.GetString(4),
        r.GetString(5),
        r.GetString(6),
        r.IsDBNull(7) ? null : r.GetGuid(7),
        r.GetBoolean(8),
        r.GetFieldValue<DateTimeOffset>(9));
}
