using Firezone.Storage.Postgres.Batching;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Tokens;

/// <summary>Checks whether the credentials of open sessions are still good.</summary>
/// <param name="database">Read from the primary: a session must not go on because a replica is behind.</param>
public sealed class CredentialReader(Database database)
{
    private const string Sql = """
        select
            case v.kind
                when 0 then exists (
                    select from client_tokens t join actors a on a.id = t.actor_id join accounts acc on acc.id = t.account_id
                    where t.id = v.token_id and t.expires_at > clock_timestamp()
                        and a.type <> 'api_client' and a.disabled_at is null and acc.disabled_at is null)
                when 1 then exists (select from gateway_tokens t where t.id = v.token_id)
                else exists (select from relay_tokens t where t.id = v.token_id)
            end,
            case v.kind when 0 then c.id is not null when 1 then g.id is not null else true end,
            c.verified_at is not null
        from unnest($1, $2, $3) with ordinality as v (kind, token_id, device_id, place)
        left join clients c on v.kind = 0 and c.id = v.device_id
        left join gateways g on v.kind = 1 and g.id = v.device_id
        order by v.place
        """;

    /// <summary>One check for each, in the same order, as of one instant. Expiry is judged by the database's clock.</summary>
    /// <param name="credentials">Any number; none is answered without asking.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer; says nothing about the credentials.</exception>
    public async Task<CredentialCheck[]> CheckAsync(IReadOnlyList<Credential> credentials, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (credentials.Count == 0)
            return [];
        await using var command = database.Write.CreateCommand(Sql);
        command.Parameters.AddColumn(credentials, NpgsqlDbType.Integer, c => (int)c.Kind);
        command.Parameters.AddUuid(credentials, c => c.TokenId);
        command.Parameters.AddColumn(credentials, NpgsqlDbType.Uuid, c => c.DeviceId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var checks = new CredentialCheck[credentials.Count];
        for (var i = 0; await reader.ReadAsync(ct); i++)
        {
            var state = !reader.GetBoolean(0) ? CredentialState.TokenGone
                : reader.GetBoolean(1) ? CredentialState.Valid
                : CredentialState.DeviceGone;
            checks[i] = new(state, reader.GetBoolean(2));
        }
        return checks;
    }
}
