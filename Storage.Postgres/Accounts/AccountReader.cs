using System.Data;
using Npgsql;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Reads the configuration of accounts.</summary>
/// <param name="database">Two round trips per account.</param>
public sealed class AccountReader(Database database)
{
    private static readonly string[] Statements =
    [
        "select version, slug, config::text, disabled_at is not null from accounts where id = $1",
        "select id, name from sites where account_id = $1",
        "select id, type, name, address, address_description, ip_stack, filters::text, site_id, revision from resources where account_id = $1",
        "select id, name, is_everyone from groups where account_id = $1",
        "select id, group_id, actor_id from memberships where account_id = $1",
        "select id, group_id, resource_id, conditions::text, revision from policies where account_id = $1 and disabled_at is null",
    ];

    /// <summary>
    /// The whole configuration as of one instant: the parts fit each other and the version. Null if there is no such account.
    /// </summary>
    /// <param name="accountId">The account.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<AccountData?> LoadAsync(Guid accountId, CancellationToken ct)
    {
        await using var connection = await database.Read.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var statement in Statements)
            batch.BatchCommands.Add(new(statement) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = accountId } } });
        AccountData data;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            if (!await reader.ReadAsync(ct))
                return null;
            data = new AccountData(
                accountId,
                reader.GetInt64(0),
                reader.GetString(1),
                AccountConfigJson.Read(reader.GetString(2)),
                reader.GetBoolean(3),
                await NextAsync(reader, r => new SiteRow(r.GetGuid(0), r.GetString(1)), ct),
                await NextAsync(reader, Resource, ct),
                await NextAsync(reader, r => new GroupRow(r.GetGuid(0), r.GetString(1), r.GetBoolean(2)), ct),
                await NextAsync(reader, r => new MembershipRow(r.GetGuid(0), r.GetGuid(1), r.GetGuid(2)), ct),
                await NextAsync(reader, Policy, ct));
        }
        await transaction.CommitAsync(ct);
        return data;
    }

    private static async Task<T[]> NextAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await reader.NextResultAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return [.. rows];
    }

    private static ResourceRow Resource(NpgsqlDataReader r) => new(
        r.GetGuid(0),
        r.GetString(1),
        r.GetString(2),
        Text(r, 3),
        Text(r, 4),
        Text(r, 5),
        RowJson.Filters(r.GetString(6)),
        r.IsDBNull(7) ? null : r.GetGuid(7),
        r.GetInt64(8));

    private static PolicyRow Policy(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetGuid(1), r.GetGuid(2), RowJson.Conditions(r.GetString(3)), r.GetInt64(4));

    private static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);
}
