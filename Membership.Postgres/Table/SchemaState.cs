using Npgsql;

namespace Firezone.Membership.Postgres.Table;

/// <summary>What of the membership tables a role finds in its search path. Read without locks on anything but the catalogue.</summary>
internal sealed record SchemaState(
    string Role,
    string? Schema,
    bool MayCreate,
    IReadOnlyList<string> MissingTables,
    IReadOnlyList<string> MissingColumns,
    IReadOnlyList<string> MissingRights,
    bool HasTrigger,
    IReadOnlyList<string> MissingQueries)
{
    private const string Catalogue = """
        with wanted (name, columns, rights) as (values
            ('OrleansQuery', array['QueryKey', 'QueryText'], array['SELECT']),
            ('OrleansMembershipVersionTable', array['DeploymentId', 'Timestamp', 'Version'], array['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
            ('OrleansMembershipTable', array['DeploymentId', 'Address', 'Port', 'Generation', 'SiloName', 'HostName', 'Status', 'ProxyPort',
                'SuspectTimes', 'StartTime', 'IAmAliveTime'], array['SELECT', 'INSERT', 'UPDATE', 'DELETE'])),
        found as (select w.*, to_regclass(w.name)::oid as id from wanted w)
        select current_user::text, current_schema()::text, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
            array(select f.name from found f where f.id is null),
            array(select f.name || '.' || c from found f, unnest(f.columns) c where f.id is not null and not exists (
                select 1 from pg_attribute a where a.attrelid = f.id and a.attname = lower(c) and not a.attisdropped)),
            array(select r || ' on ' || f.name from found f, unnest(f.rights) r where f.id is not null and not has_table_privilege(f.id, r)),
            exists (select 1 from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                where t.tgrelid = to_regclass('OrleansMembershipVersionTable') and t.tgname = 'orleans_membership_notify'
                    and coalesce(substring(p.prosrc from 'form ([0-9]+)')::int, 0) >= 1)
        """;

    private const string Queries =
        "select k from unnest($1) k where not exists (select 1 from OrleansQuery q where q.QueryKey = k)";

    private static readonly string[] QueryKeys =
    [
        "InsertMembershipVersionKey", "InsertMembershipKey", "UpdateMembershipKey", "UpdateIAmAlivetimeKey", "MembershipReadRowKey",
        "MembershipReadAllKey", "GatewaysQueryKey", "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey",
    ];

    /// <summary>Everything is there and may be used, except perhaps the trigger.</summary>
    public bool IsUsable =>
        MissingTables.Count == 0 && MissingColumns.Count == 0 && MissingRights.Count == 0 && MissingQueries.Count == 0;

    /// <summary>Names of all that is missing, for people.</summary>
    public string Missing => string.Join("; ", Parts());

    /// <summary>Looks, in one round trip.</summary>
    public static async Task<SchemaState> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Catalogue));
        var queries = new NpgsqlBatchCommand(Queries);
        queries.Parameters.Add(new NpgsqlParameter { Value = QueryKeys });
        batch.BatchCommands.Add(queries);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var state = new SchemaState(
            reader.GetString(0),
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.GetBoolean(2),
            reader.GetFieldValue<string[]>(3),
            reader.GetFieldValue<string[]>(4),
            reader.GetFieldValue<string[]>(5),
            reader.GetBoolean(6),
            []);
        return state with { MissingQueries = await ReadMissingQueriesAsync(reader, ct) };
    }

    private static async Task<IReadOnlyList<string>> ReadMissingQueriesAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        try
        {
            await reader.NextResultAsync(ct);
            var missing = new List<string>();
            while (await reader.ReadAsync(ct))
                missing.Add(reader.GetString(0));
            return missing;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return QueryKeys;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            return []; // named among the rights
        }
    }

    private IEnumerable<string> Parts()
    {
        if (MissingTables.Count > 0)
            yield return "tables " + string.Join(", ", MissingTables);
        if (MissingColumns.Count > 0)
            yield return "columns " + string.Join(", ", MissingColumns);
        if (MissingRights.Count > 0)
            yield return $"rights of role {Role}: " + string.Join(", ", MissingRights);
        if (MissingQueries.Count > 0)
            yield return "rows of OrleansQuery: " + string.Join(", ", MissingQueries);
        if (!HasTrigger && !MissingTables.Contains("OrleansMembershipVersionTable"))
            yield return "trigger orleans_membership_notify on OrleansMembershipVersionTable";
    }
}
