using System.Data;
using Dapper;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.Silos.Operations.Overview;

/// <summary>
/// Figures from the database, shared by all viewers. It is asked at most once a second, and not again before twenty times as long has passed as
/// the last answer took: however many sessions there are, a twentieth of one connection is all that looking at them takes.
/// </summary>
internal sealed partial class DatabaseFigures(Database database, TimeProvider time, ILogger<DatabaseFigures> logger)
{
    /// <summary>Rows shown of a list that may be long.</summary>
    internal const int LongestList = 40;

    private const int Share = 20;
    private const string Statements = """
        select kind, region, version, count(*) as count from sessions where ended_at is null
        group by grouping sets ((kind, region), (kind, version)) order by count desc limit 300;
        with s as (
            select a.slug as account, s.name as site, count(distinct g.id) as known, count(distinct x.device_id) as online
            from gateways g
            join sites s on s.account_id = g.account_id and s.id = g.site_id
            join accounts a on a.id = g.account_id
            left join sessions x on x.account_id = g.account_id and x.device_id = g.id and x.kind = 'gateway' and x.ended_at is null
            group by a.slug, s.id, s.name)
        select *, count(*) over () as sites, count(*) filter (where online = 0) over () as dark
        from s order by online = 0 desc, online desc, account, site limit @limit
        """;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private DatabaseAnswer? _answer;
    private long _answeredAt;
    private long _askedAt;
    private TimeSpan _pause;
    private Task? _asking;
    private bool _failing;

    /// <summary>Waits for half a second at most; then it is what was answered before. Null: nothing yet.</summary>
    internal async Task<DatabaseAnswer?> GetAsync()
    {
        Task? asking;
        lock (_lock)
        {
            if (_asking is null && (_askedAt == 0 || time.GetElapsedTime(_askedAt) >= _pause))
            {
                _askedAt = time.GetTimestamp();
                _asking = Task.Run(AskAsync);
            }

            asking = _asking;
        }

        if (asking is not null)
            await asking.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
            return _answer is null ? null : _answer with { Age = time.GetElapsedTime(_answeredAt), IsFailing = _failing };
    }

    /// <summary>Whether it has answered lately or has not been asked.</summary>
    internal bool IsFailing
    {
        get
        {
            lock (_lock)
                return _failing;
        }
    }

    private async Task AskAsync()
    {
        DatabaseAnswer? answer = null;
        try
        {
            await using var connection = await database.Write.OpenConnectionAsync();
            await using var reading = await connection.QueryMultipleAsync(Statements, new { limit = LongestList });
            answer = new([.. await reading.ReadAsync<SessionFigure>()], [.. await reading.ReadAsync<SiteFigure>()], TimeSpan.Zero, false);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or DataException or InvalidOperationException or OperationCanceledException)
        {
            if (!_failing)
                Failed(e);
        }

        lock (_lock)
        {
            var took = time.GetElapsedTime(_askedAt) * Share;
            _pause = took > Shortest ? took : Shortest;
            _failing = answer is null;
            if (answer is not null)
                (_answer, _answeredAt) = (answer, time.GetTimestamp());
            _asking = null;
        }
    }

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "The database does not give the figures for operators; it is asked again")]
    private partial void Failed(Exception e);
}
