using Firezone.Storage.Postgres.Batching;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>Stores granted flows, many in one statement.</summary>
public sealed class AuthorizationWriter : IAsyncDisposable
{
    private static readonly string Waiting = Sql(isolating: false);
    private static readonly string Isolating = Sql(isolating: true);

    // The statement is planned once per connection and for any number of rows. Left to itself the server plans it anew for each small
    // batch, because it holds small arrays for cheaper than others; with many tables in it that takes longer than the statement.
    // It locks what its rows refer to, so that the table's trigger need not.
    private const string Settings =
        "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('firezone.grants_locked', 'on', true)";

    private const string Refuse =
        """
        with refused as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6) as v (id, account_id, gateway_id, client_id, resource_id, expires_at)
            where not exists (select from policy_authorizations a where a.id = v.id)),
        recorded as materialized (
            select record_refusals(
                array_agg(id), array_agg(account_id), array_agg(gateway_id), array_agg(client_id), array_agg(resource_id), array_agg(expires_at))
            from refused)
        select refused.id from refused, recorded
        """;

    private const string Remove = "delete from policy_authorizations where id = $1";

    private readonly Database _database;
    private readonly GroupCommitWriter<AuthorizationRow> _writer;

    /// <summary>Starts the writer.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="time">For the bounded wait.</param>
    /// <param name="logger">One line when the primary goes away or comes back.</param>
    /// <param name="metrics">Counters.</param>
    public AuthorizationWriter(Database database, TimeProvider time, ILogger<AuthorizationWriter> logger, StorageMetrics metrics)
    {
        _database = database;
        // Small enough that a batch is soon done: everybody in it waits for all of it, and larger ones are no cheaper per row. Rows do not
        // depend on each other, so that one need not wait for the batch before.
        _writer = new(new() { Name = "authorizations", MaxBatch = 256, MaxStatements = 2 }, WriteAsync, row => row.Id, merge: null, time, logger, metrics);
    }

    /// <summary>Stores an authorization; completes when it is committed. Safe for any number of concurrent callers.</summary>
    /// <param name="row">The grant.</param>
    /// <param name="ct">Stops waiting; a row that is not being written yet is then left out.</param>
    /// <exception cref="WriteRejectedException">
    /// What the grant rests on is gone: its policy or resource is deleted, disabled or of another revision, its token deleted or expired,
    /// its client, gateway or membership deleted, or its client is not verified any more. Or its policy or resource is being changed by
    /// a transaction that stays open. The flow must not be granted.
    /// </exception>
    /// <exception cref="WriteUnavailableException">
    /// The primary is not reachable (after 5 s), or too many rows are waiting (at once). The flow must not be granted, though its row may
    /// still be stored if the statement was under way.
    /// </exception>
    public Task AddAsync(AuthorizationRow row, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(row);
        return _writer.AddAsync(row, ct);
    }

    /// <summary>Takes a grant back before it expires; nothing happens if it is gone.</summary>
    /// <param name="authorizationId">The authorization.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer; the row may be gone nevertheless.</exception>
    public async Task RemoveAsync(Guid authorizationId, CancellationToken ct)
    {
        await using var command = _database.Write.CreateCommand(Remove);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = authorizationId });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes what is queued, for at most 5 s.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<IReadOnlyCollection<Guid>> WriteAsync(IReadOnlyList<AuthorizationRow> rows, bool isolating, CancellationToken ct)
    {
        // Clients are locked in this order, as the writer of last-seen columns does; identifiers compare here as they do in the database.
        AuthorizationRow[] ordered = [.. rows.OrderBy(r => r.ClientId).ThenBy(r => r.Id)];
        var insert = new NpgsqlBatchCommand(isolating ? Isolating : Waiting);
        var p = insert.Parameters;
        p.AddUuid(ordered, r => r.Id);
        p.AddUuid(ordered, r => r.AccountId);
        p.AddUuid(ordered, r => r.ClientId);
        p.AddUuid(ordered, r => r.GatewayId);
        p.AddUuid(ordered, r => r.ResourceId);
        p.AddUuid(ordered, r => r.PolicyId);
        p.AddColumn(ordered, NpgsqlDbType.Uuid, r => r.MembershipId);
        p.AddUuid(ordered, r => r.TokenId);
        p.AddText(ordered, r => r.ClientRemoteIp);
        p.AddText(ordered, r => r.ClientUserAgent);
        p.AddText(ordered, r => r.GatewayRemoteIp);
        p.AddTime(ordered, r => r.ExpiresAt);
        p.AddColumn(ordered, NpgsqlDbType.Bigint, r => r.PolicyRevision);
        p.AddColumn(ordered, NpgsqlDbType.Bigint, r => r.ResourceRevision);
        p.AddColumn(ordered, NpgsqlDbType.Boolean, r => r.ClientVerified);
        p.AddColumn(ordered, NpgsqlDbType.Bigint, r => r.ToldRevision);

        var stored = await ReturnedAsync(insert, isolating, ct);
        return stored.Count == ordered.Length ? [] : await RefuseAsync([.. ordered.ExceptBy(stored, r => r.Id)], isolating, ct);
    }

    // What is not there now was refused; the rest was stored by an earlier attempt whose answer was lost. Should this fail, the rows are
    // written again, and nobody has been told.
    private async Task<IReadOnlyCollection<Guid>> RefuseAsync(IReadOnlyList<AuthorizationRow> rows, bool isolating, CancellationToken ct)
    {
        var refuse = new NpgsqlBatchCommand(Refuse);
        var p = refuse.Parameters;
        p.AddUuid(rows, r => r.Id);
        p.AddUuid(rows, r => r.AccountId);
        p.AddUuid(rows, r => r.GatewayId);
        p.AddUuid(rows, r => r.ClientId);
        p.AddUuid(rows, r => r.ResourceId);
        p.AddTime(rows, r => r.ExpiresAt);
        return await ReturnedAsync(refuse, isolating, ct);
    }

    // Runs a statement in a transaction of its own, and reads the identifiers that it returns.
    private Task<List<Guid>> ReturnedAsync(NpgsqlBatchCommand command, bool isolating, CancellationToken ct) =>
        _database.UseAsync(connection => ReturnedAsync(connection, command, isolating, ct), ct);

    private static async Task<List<Guid>> ReturnedAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand command, bool isolating, CancellationToken ct)
    {
        await using var batch = WriterBatches.Begin(connection, isolating, Settings);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        List<Guid> ids = [];
        while (await reader.ReadAsync(ct))
            ids.Add(reader.GetGuid(0));
        await reader.NextResultAsync(ct); // surfaces a failure at the end of the transaction
        return ids;
    }

    // What was revoked while the flow was being granted is left out here and reported, instead of failing the whole statement.
    // Everything that a grant refers to is locked until the commit, and seen as it is once the lock is granted: a change that is under way
    // is waited for, and one that comes later finds the grant and deletes it. When rows that wait too long are sorted out, what is locked is
    // passed over instead, so that a transaction which stays open costs the other rows nothing.
    // Policies and resources, of which there are few, are locked as sets, the rest row by row: either is the cheaper way for them.
    // Setting the statement up costs more than a lone row does, so there is no more in it than has to be.
    private static string Sql(bool isolating)
    {
        var waiting = isolating ? "skip locked" : "";
        return $"""
            with p as materialized (
                select id, revision, group_id from policies where id = any($6) and disabled_at is null order by id for share {waiting}),
            r as materialized (
                select id, revision from resources where id = any($5) order by id for share {waiting})
            insert into policy_authorizations (
                id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at, told_revision)
            select
                id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at, told_revision
            from (
                select v.*,
                    p.id is not null and r.id is not null
                    and (v.membership_id is null or exists (
                        select from memberships m where m.id = v.membership_id and m.group_id = p.group_id for key share {waiting}))
                    and case when v.client_verified
                        then exists (select from clients c where c.id = v.client_id and c.verified_at is not null for share {waiting})
                        else exists (select from clients c where c.id = v.client_id for key share {waiting}) end
                    and exists (select from gateways g where g.id = v.gateway_id for key share {waiting})
                    and exists (
                        select from client_tokens t
                        where t.id = v.token_id and t.expires_at > clock_timestamp() for key share {waiting}) as granted
                from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as v (
                    id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                    client_remote_ip, client_user_agent, gateway_remote_ip, expires_at, policy_revision, resource_revision, client_verified,
                    told_revision)
                left join p on p.id = v.policy_id and p.revision = v.policy_revision
                left join r on r.id = v.resource_id and r.revision = v.resource_revision
                offset 0) v
            where granted
            on conflict (id) do nothing
            returning id
            """;
    }
}
