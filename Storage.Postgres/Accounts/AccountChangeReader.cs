using Firezone.Storage.Postgres.Routing;
using Npgsql;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Reads what has changed in an account since a version.</summary>
/// <param name="database">One round trip per call. Who knows the version to be reached does not even ask the primary how far it is.</param>
public sealed class AccountChangeReader(Database database)
{
    /// <summary>
    /// More changes than this are not read one by one: they take the memory of a whole account and the time of reading one. Less than that
    /// is worth it, as a delta says whom it concerns.
    /// </summary>
    internal int MaxRows { get; init; } = 200_000;

    // One statement, one snapshot: no row for an account that is gone, one row without a change if nothing is newer.
    private const string Sql = """
        select a.version, c.version, c.table_name, c.operation::text, c.row_id, c.before::text, c.after::text
        from accounts a
        left join lateral (
            select * from account_changes c
            where c.account_id = a.id and c.version > $2
            order by c.version, c.id
            limit $3) c on true
        where a.id = $1
        order by c.version, c.id
        """;

    /// <summary>All changes after a version up to now, as of one instant.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="version">What the caller has.</param>
    /// <param name="atLeast">The version that the account is known to have; <see cref="long.MaxValue"/> if that is not known.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>
    /// Null: the account must be read whole, because the recorded changes do not reach back that far or are too many, because they
    /// contain something unknown, because this database has never been at the version, or because the account is gone.
    /// </returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<AccountChanges?> ReadSinceAsync(Guid accountId, long version, long atLeast, CancellationToken ct)
    {
        var query = new ReadQuery<Found>(
            (commands, _) => commands.Add(new(Sql)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = accountId },
                    new NpgsqlParameter<long> { TypedValue = version },
                    new NpgsqlParameter<int> { TypedValue = MaxRows + 1 },
                },
            }),
            (reader, stop) => ReadAsync(reader, version, stop));
        var answer = atLeast == long.MaxValue
            ? await database.ReadAsync(query, ct)
            : await database.ReadAsync(query, found => Judge(found, atLeast), ct);
        return answer.Changes;
    }

    // Nobody waits for an account that is not there: it is more likely gone than yet to come.
    private static ReplicaAnswer Judge(Found found, long atLeast) =>
        found.Current is not { } current ? ReplicaAnswer.Useless : current >= atLeast ? ReplicaAnswer.Good : ReplicaAnswer.Behind;

    private async Task<Found> ReadAsync(NpgsqlDataReader reader, long version, CancellationToken ct)
    {
        var changes = new List<AccountChange>();
        long? current = null;
        var reached = version;
        for (var rows = 1; await reader.ReadAsync(ct); rows++)
        {
            current = reader.GetInt64(0);
            if (current < version || rows > MaxRows)
                return new(current, null);
            if (reader.IsDBNull(1))
                break;
            var next = reader.GetInt64(1);
            if (next > reached + 1)
                return new(current, null);
            reached = next;
            if (reader.GetString(2) == "accounts" && reader.GetString(3) == "D")
                return new(current, null); // put back since, as another one
            // While a cluster is upgraded, triggers may already record what only newer processes know.
            if (!AccountChangeRow.TryRead(
                changes, next, reader.GetString(2), reader.GetString(3), reader.GetGuid(4), Text(reader, 5), Text(reader, 6)))
            {
                return new(current, null);
            }
        }
        return new(current, reached == current ? new(reached, changes) : null);
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <param name="Current">The account's version; null if there is no such account.</param>
    /// <param name="Changes">Null: they do not do.</param>
    private readonly record struct Found(long? Current, AccountChanges? Changes);
}
