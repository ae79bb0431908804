using Firezone.Storage.Postgres.Routing;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;
using static Firezone.Storage.Postgres.Connecting.Parameters;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>Judges connects of relays. A relay's token belongs to no account and does not expire: it exists or it does not.</summary>
/// <param name="database">Read once per connect.</param>
public sealed class RelayConnects(Database database)
{
    private const string Sql = "select secret_salt, secret_hash, coalesce($2, clock_timestamp()) from relay_tokens where id = $1";

    /// <summary>Checks the token; one round trip, none if the token is malformed.</summary>
    /// <param name="token">As presented, untrusted.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer; says nothing about the token.</exception>
    public async Task<ConnectOutcome<RelayRecord>> ConnectAsync(string token, CancellationToken ct)
    {
        if (!DeviceToken.TryParse(token, TokenKind.Relay, out var parsed))
            return new(ConnectStatus.InvalidToken, null);
        return await database.ReadAsync(
            new ReadQuery<ConnectOutcome<RelayRecord>>(
                (commands, now) => commands.Add(new(Sql) { Parameters = { Uuid(parsed.Id), Time(now) } }),
                async (reader, stop) =>
                    await reader.ReadAsync(stop) && parsed.Matches(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1))
                        ? new(ConnectStatus.Ok, new RelayRecord(parsed.Id, reader.GetFieldValue<DateTimeOffset>(2)))
                        : new(ConnectStatus.InvalidToken, null)),
            ct);
    }
}
