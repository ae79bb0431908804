using Npgsql;

namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>Reads granted flows.</summary>
/// <param name="database">Read from the primary: a gateway that reconnects right after a grant must see it.</param>
public sealed class AuthorizationReader(Database database)
{
    private const string ForGateway = """
        select id, client_id, resource_id, expires_at
        from policy_authorizations
        where gateway_id = $1 and expires_at > clock_timestamp()
        """;

    private const string Exists = "select exists (select from policy_authorizations where id = $1)";

    /// <summary>The unexpired authorizations of a gateway, in no particular order. Expiry is judged by the database's clock.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<GatewayAuthorization[]> LoadForGatewayAsync(Guid gatewayId, CancellationToken ct)
    {
        await using var command = database.Write.CreateCommand(ForGateway);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = gatewayId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<GatewayAuthorization>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return [.. rows];
    }

    /// <summary>Whether the authorization is stored, expired or not. False after it was revoked.</summary>
    /// <param name="authorizationId">The authorization.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<bool> ExistsAsync(Guid authorizationId, CancellationToken ct)
    {
        await using var command = database.Write.CreateCommand(Exists);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = authorizationId });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
