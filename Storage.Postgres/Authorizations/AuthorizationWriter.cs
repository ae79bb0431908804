using Firezone.Storage.Postgres.Batching;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>Stores granted flows, many in one statement.</summary>
public sealed class AuthorizationWriter : IAsyncDisposable
{
    // What was revoked while the flow was being granted is left out here and reported, instead of failing the whole statement on a
    // foreign key. The foreign keys still catch what is deleted between this look and the end of the statement.
    // Ordered by client: foreign-key checks lock the clients in this order, as the writer of last-seen columns does.
    private const string Sql = """
        with v as materialized (
            select v.*,
                exists (select from policies p where p.id = v.policy_id and p.disabled_at is null)
                    and exists (select from client_tokens t where t.id = v.token_id and t.expires_at > clock_timestamp()) as granted
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as v (
                id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at)),
        stored as (
            insert into policy_authorizations (
                id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at)
            select id, account_id, client_id, gateway_id, resource_id, policy_id, membership_id, token_id,
                client_remote_ip, client_user_agent, gateway_remote_ip, expires_at
            from v where granted order by client_id, id
            on conflict (id) do nothing)
        select id from v where not granted
        """;

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
        _writer = new(new() { Name = "authorizations" }, WriteAsync, row => row.Id, merge: null, time, logger, metrics);
    }

    /// <summary>Stores an authorization; completes when it is committed. Safe for any number of concurrent callers.</summary>
    /// <param name="row">The grant.</param>
    /// <param name="ct">Stops waiting; a row that is not being written yet is then left out.</param>
    /// <exception cref="WriteRejectedException">
    /// What the grant rests on is gone: its policy is deleted or disabled, its token deleted or expired, its client, gateway, resource or
    /// membership deleted. The flow must not be granted.
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

    /// <summary>Writes what is queued, for at most 5 s.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<IReadOnlyCollection<Guid>> WriteAsync(IReadOnlyList<AuthorizationRow> rows, bool isolating, CancellationToken ct)
    {
        var insert = new NpgsqlBatchCommand(Sql);
        var p = insert.Parameters;
        p.AddUuid(rows, r => r.Id);
        p.AddUuid(rows, r => r.AccountId);
        p.AddUuid(rows, r => r.ClientId);
        p.AddUuid(rows, r => r.GatewayId);
        p.AddUuid(rows, r => r.ResourceId);
        p.AddUuid(rows, r => r.PolicyId);
        p.AddColumn(rows, NpgsqlDbType.Uuid, r => r.MembershipId);
        p.AddUuid(rows, r => r.TokenId);
        p.AddText(rows, r => r.ClientRemoteIp);
        p.AddText(rows, r => r.ClientUserAgent);
        p.AddText(rows, r => r.GatewayRemoteIp);
        p.AddTime(rows, r => r.ExpiresAt);

        await using var batch = WriterBatches.Begin(_database, isolating);
        batch.BatchCommands.Add(insert);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        List<Guid> refused = [];
        while (await reader.ReadAsync(ct))
            refused.Add(reader.GetGuid(0));
        await reader.NextResultAsync(ct); // surfaces a failure at the end of the transaction
        return refused;
    }
}
