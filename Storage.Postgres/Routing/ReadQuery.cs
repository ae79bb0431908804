using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>Statements and how to read their answers, to be run on whichever server is new enough; perhaps more than once.</summary>
/// <param name="Ask">
/// Adds the statements. The second argument is the primary's clock if it was learned on the way; null where <c>clock_timestamp()</c> of
/// the server that answers will do. Clocks of several servers are never compared.
/// </param>
/// <param name="Read">From the first of the results.</param>
/// <param name="OneInstant">The statements must see the same state of the database.</param>
internal sealed record ReadQuery<T>(
    Action<NpgsqlBatchCommandCollection, DateTimeOffset?> Ask, Func<NpgsqlDataReader, CancellationToken, Task<T>> Read, bool OneInstant = false)
{
    // A statement of its own, and the first: each takes its own snapshot, so that what follows sees all that was replayed here. In one
    // statement with the query, the position could be newer than what the query sees.
    private const string Reached = "select pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn() >= $1, false)";

    /// <summary>Runs it, however far the server is.</summary>
    public async Task<T> RunAsync(NpgsqlDataSource server, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        return await RunAsync(connection, ct);
    }

    /// <inheritdoc cref="RunAsync(NpgsqlDataSource, CancellationToken)"/>
    public async Task<T> RunAsync(NpgsqlConnection server, CancellationToken ct)
    {
        if (OneInstant)
            return await AtOnceAsync(server, null, ct);
        await using var batch = new NpgsqlBatch(server);
        Ask(batch.BatchCommands, null);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await Read(reader, ct);
    }

    /// <summary>Runs it on a replica that has replayed so much; in one round trip unless it must be of one instant.</summary>
    public async Task<(ReplicaAnswer Answer, T? Value)> RunAsync(
        NpgsqlDataSource replica, NpgsqlLogSequenceNumber least, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await replica.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(Reached)
        {
            Parameters = { new NpgsqlParameter<NpgsqlLogSequenceNumber> { TypedValue = least, NpgsqlDbType = NpgsqlDbType.PgLsn } },
        });
        if (!OneInstant)
            Ask(batch.BatchCommands, now);
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            await reader.ReadAsync(ct);
            if (!reader.GetBoolean(0))
                return (ReplicaAnswer.Promoted, default);
            if (!reader.GetBoolean(1))
                return (ReplicaAnswer.Behind, default);
            if (!OneInstant)
            {
                await reader.NextResultAsync(ct);
                return (ReplicaAnswer.Good, await Read(reader, ct));
            }
        }
        return (ReplicaAnswer.Good, await AtOnceAsync(connection, now, ct));
    }

    private async Task<T> AtOnceAsync(NpgsqlConnection connection, DateTimeOffset? now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Ask(batch.BatchCommands, now);
        T value;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
            value = await Read(reader, ct);
        await transaction.CommitAsync(ct);
        return value;
    }
}
