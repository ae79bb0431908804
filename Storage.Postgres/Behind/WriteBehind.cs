using Firezone.Storage.Postgres.Batching;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Sessions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Behind;

/// <summary>
/// Writes what comes and goes of devices change, behind the connect path and all tables in one transaction: session rows, and the last-seen
/// columns of clients, gateways and client tokens. While the database is away the changes wait in memory, joined by row when they are
/// written; what exceeds the bound is dropped and counted.
/// </summary>
/// <remarks>
/// A change is written within milliseconds when there are few, and twice a second when there are many: a storm of reconnects costs the primary
/// the same number of transactions whatever its size.
/// </remarks>
public sealed class WriteBehind : IAsyncDisposable
{
    // One plan for any number of rows, which looks up each by its id in the order in which the statement lists them. Left to itself the planner
    // reads all of a table for a batch, however few rows that is about, and takes them in any order. A plain index scan is out because a table
    // that was small when the plan was made would be read whole that way.
    private const string Settings =
        "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_hashjoin', 'off', true), "
        + "set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)";

    private readonly Database _database;
    private readonly GroupCommitWriter<IBehindRow> _writer;

    /// <summary>Starts the writer.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="time">For waits.</param>
    /// <param name="logger">One line when the primary goes away or comes back.</param>
    /// <param name="metrics">Counters.</param>
    public WriteBehind(Database database, TimeProvider time, ILogger<WriteBehind> logger, StorageMetrics metrics)
    {
        _database = database;
        var options = new GroupCommitOptions
        {
            Name = "sessions",
            Capacity = 300_000,
            MaxBatch = 3_000,
            Linger = TimeSpan.FromMilliseconds(50),
            Interval = TimeSpan.FromMilliseconds(500),
            // For the rows that nobody waits for only.
            MaxWait = Timeout.InfiniteTimeSpan,
        };
        _writer = new(options, WriteAsync, row => row.Key, (older, newer) => older.Then(newer), time, logger, metrics);
    }

    /// <summary>Changes that were dropped because too many waited.</summary>
    public long Dropped => _writer.Dropped;

    /// <summary>A channel was joined. Saying so again, for example when another silo takes the session over, changes nothing.</summary>
    /// <param name="row">The session.</param>
    public void Opened(SessionRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        _writer.TryAdd(new SessionChange(row.Id, row, null));
    }

    /// <summary>A channel ended. The first end counts; an unknown session is ignored.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="at">When.</param>
    public void Closed(Guid sessionId, DateTimeOffset at) => _writer.TryAdd(new SessionChange(sessionId, null, at));

    /// <summary>Writes what is queued, for at most 5 s.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>A known device has connected, or a token was used.</summary>
    internal void Seen(IBehindRow sighting) => _writer.TryAdd(sighting);

    /// <summary>As <see cref="Seen"/>, and waits for the commit.</summary>
    internal Task SeenDurablyAsync(ClientSighting sighting, CancellationToken ct) => _writer.AddAsync(sighting, ct);

    // Clients come last: grants of verified clients wait for their rows.
    private Task<IReadOnlyCollection<Guid>> WriteAsync(IReadOnlyList<IBehindRow> rows, bool isolating, CancellationToken ct) =>
        _database.UseAsync(connection => WriteAsync(connection, rows, isolating, ct), ct);

    private static async Task<IReadOnlyCollection<Guid>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<IBehindRow> rows, bool isolating, CancellationToken ct)
    {
        await using var batch = WriterBatches.Begin(connection, isolating, Settings);
        SessionChange[] sessions = [.. rows.OfType<SessionChange>()];
        SessionRow[] opened = [.. sessions.Where(c => c.Opened is not null).Select(c => c.Opened!)];
        SessionChange[] closed = [.. sessions.Where(c => c.ClosedAt is not null)];
        TokenSighting[] tokens = [.. rows.OfType<TokenSighting>()];
        GatewaySighting[] gateways = [.. rows.OfType<GatewaySighting>()];
        ClientSighting[] clients = [.. rows.OfType<ClientSighting>()];
        if (opened.Length > 0)
            batch.BatchCommands.Add(SessionStatements.Insert(opened));
        if (closed.Length > 0)
            batch.BatchCommands.Add(SessionStatements.End(closed));
        if (tokens.Length > 0)
            batch.BatchCommands.Add(SightingStatements.Update(tokens));
        if (gateways.Length > 0)
            batch.BatchCommands.Add(SightingStatements.Update(gateways));
        if (clients.Length > 0)
            batch.BatchCommands.Add(SightingStatements.Update(clients));
        await batch.ExecuteNonQueryAsync(ct);
        return [];
    }
}
