using System.Data;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Judges connects of relays. A relay's token belongs to no account and does not expire: it exists or it does not.</summary>
/// <param name="database">Read once per connect.</param>
public sealed class RelayConnects(Database database)
{
    private const string Sql = "select secret_salt, secret_hash, clock_timestamp() from relay_tokens where id = $1";

    /// <summary>Checks the token; one round trip, none if the token is malformed.</summary>
    /// <param name="token">As presented, untrusted.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer; says nothing about the token.</exception>
    public async Task<ConnectOutcome<RelayRecord>> ConnectAsync(string token, CancellationToken ct)
    {
        if (!DeviceToken.TryParse(token, TokenKind.Relay, out var parsed))
            return new(ConnectStatus.InvalidToken, null);
        await using var command = database.Read.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = parsed.Id });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, ct);
        if (!await reader.ReadAsync(ct) || !parsed.Matches(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)))
            return new(ConnectStatus.InvalidToken, null);
        return new(ConnectStatus.Ok, new RelayRecord(parsed.Id, reader.GetFieldValue<DateTimeOffset>(2)));
    }
}
