using Firezone.Storage.Postgres.Batching;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Sessions;

/// <summary>
/// The leases of front-end processes. Only the database's clock decides when one has run out, so the clocks of the processes need not
/// agree.
/// </summary>
/// <param name="database">Where they are kept.</param>
public sealed class FrontEndLeases(Database database)
{
    // In the order of ids: two processes that renew the same set must not deadlock.
    private const string Renew = """
        insert into front_ends (id, name, region, sessions)
        select * from unnest($1, $2, $3, $4) as v (id, name, region, sessions) order by v.id
        on conflict (id) do update
        set name = excluded.name, region = excluded.region, sessions = excluded.sessions, renewed_at = clock_timestamp()
        """;

    // Sessions whose front-end has no lease at all count from their own beginning: it may have died before its first renewal. A stale
    // lease that is renewed at this moment is seen renewed, because its row is locked and looked at again before it is deleted.
    // Asked every few seconds and nearly always for nothing, so it must not visit the open sessions: the index tells their front-ends, one
    // probe for each.
    private const string EndStale = """
        with recursive stale as (delete from front_ends where renewed_at < clock_timestamp() - $1 returning id),
        holders as (
            (select s.front_end_id as id from sessions s where s.ended_at is null order by s.front_end_id limit 1)
            union all
            select (
                select s.front_end_id from sessions s
                where s.ended_at is null and s.front_end_id > h.id order by s.front_end_id limit 1)
            from holders h where h.id is not null),
        ended as (
            update sessions s set ended_at = clock_timestamp()
            where s.ended_at is null
                and s.front_end_id = any (array(
                    select h.id from holders h
                    where h.id in (select id from stale) or not exists (select from front_ends f where f.id = h.id)))
                and (s.front_end_id in (select id from stale) or s.opened_at < clock_timestamp() - $1)
            returning 1)
        select count(*)::int from ended
        """;

    private const string End = """
        with gone as (delete from front_ends where id = $1)
        update sessions set ended_at = clock_timestamp() where front_end_id = $1 and ended_at is null
        """;

    /// <summary>Takes or renews leases in one statement.</summary>
    /// <param name="alive">Distinct front-ends; empty does nothing.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RenewAsync(IReadOnlyList<FrontEndLeaseRow> alive, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(alive);
        if (alive.Count == 0)
            return;
        await using var command = database.Write.CreateCommand(Renew);
        command.Parameters.AddUuid(alive, a => a.FrontEndId);
        command.Parameters.AddText(alive, a => a.Name);
        command.Parameters.AddText(alive, a => a.Region);
        command.Parameters.AddColumn(alive, NpgsqlDbType.Integer, a => a.Sessions);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Forgets front-ends that did not renew in time and ends their open sessions.</summary>
    /// <param name="lease">How long a lease lasts.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many sessions were ended.</returns>
    public async Task<int> EndStaleAsync(TimeSpan lease, CancellationToken ct)
    {
        await using var command = database.Write.CreateCommand(EndStale);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Gives a lease up at an orderly stop and ends what sessions the front-end still had.</summary>
    /// <param name="frontEndId">The front-end.</param>
    /// <param name="ct">Gives up.</param>
    public async Task EndAsync(Guid frontEndId, CancellationToken ct)
    {
        await using var command = database.Write.CreateCommand(End);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = frontEndId });
        await command.ExecuteNonQueryAsync(ct);
    }
}
