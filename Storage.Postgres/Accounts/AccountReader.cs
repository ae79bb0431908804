using Firezone.Storage.Postgres.Routing;
using Npgsql;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Reads the configuration of accounts.</summary>
/// <param name="database">Two round trips per account, three to a replica.</param>
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
    /// The whole configuration as of one instant, not before this call: the parts fit each other and the version. Null if there is no such
    /// account.
    /// </summary>
    /// <param name="accountId">The account.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public Task<AccountData?> LoadAsync(Guid accountId, CancellationToken ct) => database.ReadAsync(
        new ReadQuery<AccountData?>(
            (commands, _) =>
            {
                foreach (var statement in Statements)
                    commands.Add(new(statement) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = accountId } } });
            },
            async (reader, stop) => await reader.ReadAsync(stop) ? await ReadAsync(accountId, reader, stop) : null,
            OneInstant: true),
        ct);

    private static async Task<AccountData> ReadAsync(Guid accountId, NpgsqlDataReader reader, CancellationToken ct) => new(
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
