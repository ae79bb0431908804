using Firezone.Storage.Postgres.Batching;
using Firezone.Storage.Postgres.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Behind;

/// <summary>Beginnings and ends of sessions.</summary>
internal static class SessionStatements
{
    private const string Open = """
        insert into sessions (id, front_end_id, kind, account_id, device_id, token_id, region, remote_ip, version, opened_at)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (id) do nothing
        """;

    // In the order of ids, like every other statement that ends sessions by id. A session ends once; said as a plain "is null", it would be
    // looked for in an index of all that are open.
    private const string Close = """
        with v as materialized (select * from unnest($1, $2) as v (id, ended_at) order by id)
        update sessions s set ended_at = v.ended_at from v where s.id = v.id and coalesce(s.ended_at, 'infinity') = 'infinity'
        """;

    public static NpgsqlBatchCommand Insert(IReadOnlyList<SessionRow> opened)
    {
        var insert = new NpgsqlBatchCommand(Open);
        var p = insert.Parameters;
        p.AddUuid(opened, r => r.Id);
        p.AddUuid(opened, r => r.FrontEndId);
        p.AddText(opened, r => r.Kind);
        p.AddColumn(opened, NpgsqlDbType.Uuid, r => r.AccountId);
        p.AddUuid(opened, r => r.DeviceId);
        p.AddUuid(opened, r => r.TokenId);
        p.AddText(opened, r => r.Region);
        p.AddText(opened, r => r.RemoteIp);
        p.AddText(opened, r => r.Version);
        p.AddTime(opened, r => r.OpenedAt);
        return insert;
    }

    public static NpgsqlBatchCommand End(IReadOnlyList<SessionChange> closed)
    {
        var update = new NpgsqlBatchCommand(Close);
        update.Parameters.AddUuid(closed, c => c.Id);
        update.Parameters.AddTime(closed, c => c.ClosedAt!.Value);
        return update;
    }
}
