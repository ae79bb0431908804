using Dapper;
using Firezone.Admin.Data;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Admin.Authentication;

/// <summary>Says whose an admin token is. The database judges at every question, so that a revoked token is refused at once.</summary>
public sealed class TokenVerifier
{
    /// <summary>Longer ones are no tokens.</summary>
    public const int LongestToken = 200;

    private readonly Database _database;

    /// <param name="database">With the tokens.</param>
    public TokenVerifier(Database database)
    {
        Mapping.Register();
        _database = database;
    }

    /// <summary>Whether the text has the form of an admin token. Costs nothing.</summary>
    public static bool HasForm(string text) => text?.Length <= LongestToken && DeviceToken.TryParse(text, TokenKind.Admin, out _);

    /// <summary>Whose token it is.</summary>
    /// <param name="text">As presented, untrusted.</param>
    /// <param name="remoteIp">Of whom presents it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null: nobody's, or not good any more.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<Caller?> VerifyAsync(string text, string? remoteIp, CancellationToken ct)
    {
        if (!DeviceToken.TryParse(text, TokenKind.Admin, out var token))
            return null;

        await using var connection = await _database.Write.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<AdminTokenRow>(
            new CommandDefinition(AdminTokenRow.Sql, new { id = token.Id }, cancellationToken: ct));
        if (row is null || !token.Matches(row.SecretSalt, row.SecretHash) || row.Expired || !row.ActorGood)
            return null;
        if (row.Stale)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update admin_tokens set last_used_at = clock_timestamp() where id = @id", new { id = token.Id }, cancellationToken: ct));
        }

        return new Caller(token.Id, row.Name, row.Role, row.AccountId, row.ActorId, row.AccountDisabled, remoteIp);
    }
}
