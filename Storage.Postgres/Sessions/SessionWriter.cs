using Firezone.Storage.Postgres.Batching;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Sessions;

/// <summary>
/// Records sessions behind the connect path. Nobody waits for it: while the database is away the changes wait in memory, and what
/// exceeds the bound is dropped and counted.
/// </summary>
public sealed class SessionWriter : IAsyncDisposable
{
    private const string Open = """
        insert into sessions (id, front_end_id, kind, account_id, device_id, token_id, region, remote_ip, version, opened_at)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (id) do nothing
        """;

    // In the order of ids, like every other statement that ends sessions by id. A session ends once.
    private const string Close = """
        with concerned as (
            select s.id, v.ended_at from sessions s join unnest($1, $2) as v (id, ended_at) on v.id = s.id
            where s.ended_at is null order by s.id for no key update of s)
        update sessions s set ended_at = concerned.ended_at from concerned where s.id = concerned.id
        """;

    private readonly Database _database;
    private readonly GroupCommitWriter<SessionChange> _writer;

    /// <summary>Starts the writer.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="time">For waits.</param>
    /// <param name="logger">One line when the primary goes away or comes back.</param>
    /// <param name="metrics">Counters.</param>
    public SessionWriter(Database database, TimeProvider time, ILogger<SessionWriter> logger, StorageMetrics metrics)
    {
        _database = database;
        var options = new GroupCommitOptions
        {
            Name = "sessions",
            Capacity = 100_000,
            MaxBatch = 2_000,
            Linger = TimeSpan.FromMilliseconds(50),
            MaxWait = Timeout.InfiniteTimeSpan,
        };
        _writer = new(options, WriteAsync, c => c.Id, (older, newer) => older.Then(newer), time, logger, metrics);
    }

    /// <summary>Changes that were dropped because too many waited.</summary>
    public long Dropped => _writer.Dropped;

    /// <summary>A channel was joined. Saying so again, for example when another silo takes the session over, changes nothing.</summary>
    /// <param name="row">The session.</param>
    public void Opened(SessionRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        _writer.TryAdd(new(row.Id, row, null));
    }

    /// <summary>A channel ended. The first end counts; an unknown session is ignored.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="at">When.</param>
    public void Closed(Guid sessionId, DateTimeOffset at) => _writer.TryAdd(new(sessionId, null, at));

    /// <summary>Writes what is queued, for at most 5 s.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<IReadOnlyCollection<Guid>> WriteAsync(IReadOnlyList<SessionChange> changes, bool isolating, CancellationToken ct)
    {
        await using var batch = WriterBatches.Begin(_database, isolating);

        SessionRow[] opened = [.. changes.Where(c => c.Opened is not null).Select(c => c.Opened!)];
        if (opened.Length > 0)
        {
            var open = new NpgsqlBatchCommand(Open);
            var p = open.Parameters;
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
            batch.BatchCommands.Add(open);
        }

        SessionChange[] closed = [.. changes.Where(c => c.ClosedAt is not null)];
        if (closed.Length > 0)
        {
            var close = new NpgsqlBatchCommand(Close);
            close.Parameters.AddUuid(closed, c => c.Id);
            close.Parameters.AddTime(closed, c => c.ClosedAt!.Value);
            batch.BatchCommands.Add(close);
        }

        await batch.ExecuteNonQueryAsync(ct);
        return [];
    }
}
