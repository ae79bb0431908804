using System.Text.Json;
using Dapper;
using Firezone.Admin.Hosting;
using Firezone.Admin.Sessions;
using Firezone.Storage.Postgres;

namespace Firezone.Admin.Events;

/// <summary>
/// Finds what became visible in the database between two points in its history. A point is a snapshot: which transactions were finished at
/// that moment. Each row became visible between exactly one pair of successive points, however long its transaction and others took.
/// </summary>
internal sealed class EventReader(Database database)
{
    private const string Now = "select pg_current_snapshot()::text";

    private static readonly string Opened = $"""
        select x.account_id, e.* from ({DeviceSession.Select}) e join sessions x on x.id = e.id
        where x.account_id = any(@accounts) and {Between("x.opened_xact")}
        order by x.opened_xact, e.id
        """;

    private static readonly string Ended = $"""
        select x.account_id, e.* from ({DeviceSession.Select}) e join sessions x on x.id = e.id
        where x.account_id = any(@accounts) and {Between("x.ended_xact")}
        order by x.ended_xact, e.id
        """;

    private static readonly string Granted = $"""
        select x.account_id, x.id, x.client_id, c.name as client_name, x.gateway_id, g.name as gateway_name, x.resource_id,
            r.name as resource_name, x.policy_id, x.client_remote_ip, x.expires_at, x.created_at
        from policy_authorizations x
        left join clients c on c.account_id = x.account_id and c.id = x.client_id
        left join gateways g on g.account_id = x.account_id and g.id = x.gateway_id
        left join resources r on r.account_id = x.account_id and r.id = x.resource_id
        where x.account_id = any(@accounts) and {Between("x.granted_xact")}
        order by x.granted_xact, x.id
        """;

    private const string Good = """
        select t.id from admin_tokens t
        join actors a on a.account_id = t.account_id and a.id = t.actor_id
        join accounts acc on acc.id = t.account_id
        where t.id = any(@tokens) and (t.expires_at is null or t.expires_at > clock_timestamp())
            and a.disabled_at is null and a.type in ('api_client', 'account_admin_user') and acc.disabled_at is null
        """;

    /// <summary>The present point.</summary>
    public async Task<string> GetPointAsync(CancellationToken ct)
    {
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<string>(new CommandDefinition(Now, cancellationToken: ct));
    }

    /// <summary>What became visible from one point to another, in the order of the kinds of events.</summary>
    public async Task<IReadOnlyList<AccountEvent>> ReadAsync(Guid[] accounts, string from, string to, CancellationToken ct)
    {
        var range = new { accounts, from, to };
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        var events = new List<AccountEvent>();
        events.AddRange((await connection.QueryAsync<Guid, DeviceSession, AccountEvent>(
            Command(Opened), (account, s) => Event(account, s.Kind, "session.opened", s with { EndedAt = null }), "id")));
        events.AddRange((await connection.QueryAsync<Guid, FlowEvent, AccountEvent>(
            Command(Granted), (account, f) => Event(account, "flow", "flow.granted", f), "id")));
        events.AddRange((await connection.QueryAsync<Guid, DeviceSession, AccountEvent>(
            Command(Ended), (account, s) => Event(account, s.Kind, "session.ended", s), "id")));
        return events;

        CommandDefinition Command(string sql) => new(sql, range, cancellationToken: ct);
    }

    /// <summary>Which of these tokens still read their account.</summary>
    public async Task<HashSet<Guid>> FindGoodTokensAsync(Guid[] tokens, CancellationToken ct)
    {
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(Good, new { tokens }, cancellationToken: ct))];
    }

    // The first line is for the index; what is older than `from` had finished then, what is newer than `to` had not begun.
    private static string Between(string transaction) => $"""
        {transaction} >= pg_snapshot_xmin(@from::pg_snapshot) and {transaction} < pg_snapshot_xmax(@to::pg_snapshot)
            and not pg_visible_in_snapshot({transaction}, @from::pg_snapshot) and pg_visible_in_snapshot({transaction}, @to::pg_snapshot)
        """;

    private static AccountEvent Event<T>(Guid account, string kind, string name, T data) =>
        new(account, kind, name, JsonSerializer.Serialize(data, AdminJson.Options));
}
