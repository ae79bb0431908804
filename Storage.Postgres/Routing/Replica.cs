using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>One server that answers reads, and what is known of it.</summary>
internal sealed partial class Replica : IAsyncDisposable
{
    // The timeline is shown only to members of pg_read_all_stats; without, the positions must do.
    private const string Look = """
        select pg_is_in_recovery(), (select system_identifier from pg_control_system()), pg_last_wal_replay_lsn(),
            (select received_tli from pg_stat_wal_receiver limit 1),
            extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
        """;

    private static readonly TimeSpan MaxQueue = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _looks;
    private readonly SemaphoreSlim _connections;
    private readonly TimeSpan _skip;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly long _started;
    private CancellationTokenSource _use = new();
    private ReplicaHealth _health = ReplicaHealth.Unknown;
    private long _lagBytes;
    private double _lagSeconds;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="settings">Of one host, defaults filled in.</param>
    /// <param name="skip">See <see cref="ReplicaOptions.SkipTime"/>.</param>
    /// <param name="time">For that.</param>
    /// <param name="loggers">One line per change of state.</param>
    public Replica(NpgsqlConnectionStringBuilder settings, TimeSpan skip, TimeProvider time, ILoggerFactory loggers)
    {
        Reads = Build(settings.ConnectionString, loggers);
        _connections = new(settings.MaxPoolSize);
        // A connection of its own: reads that hang or wait for the pool must not keep anybody from noticing.
        _looks = Build(
            new NpgsqlConnectionStringBuilder(settings.ConnectionString)
            {
                MinPoolSize = 0,
                MaxPoolSize = 1,
                MaxAutoPrepare = 0,
                Timeout = 1,
                CommandTimeout = 1,
                CancellationTimeout = -1,
                ApplicationName = "firezone-replica",
            }.ConnectionString,
            loggers);
        var host = settings.Host ?? "";
        Host = host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{settings.Port}";
        _skip = skip;
        _time = time;
        _started = time.GetTimestamp();
        _logger = loggers.CreateLogger<Replica>();
    }

    /// <summary>Host and port.</summary>
    public string Host { get; }

    /// <summary>For reads.</summary>
    public NpgsqlDataSource Reads { get; }

    /// <summary>The judgement of now.</summary>
    public ReplicaHealth Health => Volatile.Read(ref _health);

    /// <summary>Cancelled when it is found not to answer: who still waits for it goes elsewhere.</summary>
    public CancellationToken Use => Volatile.Read(ref _use).Token;

    /// <summary>For operators.</summary>
    public ReplicaStatus Status => new(Host, Health.State, Volatile.Read(ref _lagBytes), Volatile.Read(ref _lagSeconds));

    /// <summary>A read or a look failed.</summary>
    public void Failed(Exception e)
    {
        Change(health => health.AfterError(e is PostgresException p ? p.SqlState : e.Message));
        // A server that gives a reason answers; it is the others who would wait in vain.
        if (e is PostgresException || Use.IsCancellationRequested)
            return;
        _ = Volatile.Read(ref _use).CancelAsync();
        Reads.Clear(); // connections that nobody has noticed to be dead would each fail a read when the replica is back
    }

    /// <summary>A read found that it is no standby.</summary>
    public void Promoted() => Change(health => health.AfterPromotion());

    /// <summary>A read has waited for it in vain.</summary>
    public void Missed() => Change(health => health.AfterMiss(Now(), _skip));

    /// <summary>It was looked at; null: while the primary was away.</summary>
    public void Looked(ReplicaProbe probe, PrimaryView? primary)
    {
        if (primary is null)
        {
            Change(health => health.AfterLook(probe));
            return;
        }
        var behind = probe.Replayed < primary.Before;
        Volatile.Write(ref _lagBytes, behind ? (long)(primary.Before - probe.Replayed) : 0);
        Volatile.Write(ref _lagSeconds, behind ? probe.Age.TotalSeconds : 0);
        Change(health => health.AfterLook(probe, primary, Now()));
    }

    /// <summary>Waits for one of the connections in turn, for as long as the replica is in use; the caller gives it back.</summary>
    /// <returns>False: too many are waiting.</returns>
    public Task<bool> EnterAsync(CancellationToken ct) => _connections.WaitAsync(MaxQueue, ct);

    /// <summary>Ends <see cref="EnterAsync"/>.</summary>
    public void Leave() => _connections.Release();

    /// <summary>What it says of itself.</summary>
    /// <exception cref="NpgsqlException">It does not answer.</exception>
    public async Task<ReplicaProbe> LookAsync(CancellationToken ct)
    {
        await using var command = _looks.CreateCommand(Look);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(
            reader.GetBoolean(0),
            reader.GetInt64(1),
            reader.IsDBNull(3) ? null : (uint)reader.GetInt32(3),
            reader.IsDBNull(2) ? default : reader.GetFieldValue<NpgsqlLogSequenceNumber>(2),
            TimeSpan.FromSeconds(reader.IsDBNull(4) ? 0 : reader.GetDouble(4)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reads.DisposeAsync();
        await _looks.DisposeAsync();
    }

    private static NpgsqlDataSource Build(string connectionString, ILoggerFactory loggers)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var name = $"{settings.ApplicationName} {settings.Host}";
        return new NpgsqlDataSourceBuilder(connectionString) { Name = name }.UseLoggerFactory(loggers).Build();
    }

    private TimeSpan Now() => _time.GetElapsedTime(_started);

    private void Change(Func<ReplicaHealth, ReplicaHealth> next)
    {
        lock (_lock)
        {
            var before = _health;
            Volatile.Write(ref _health, next(before));
            if (_health.State == before.State && before != ReplicaHealth.Unknown)
                return;
            if (_health.State is ReplicaState.Usable)
            {
                if (_use.IsCancellationRequested)
                    Volatile.Write(ref _use, new());
                LogUsable(_logger, Host);
            }
            else
                LogUnusable(_logger, Host, _health.State, _health.Why);
        }
    }

    [LoggerMessage(3050, LogLevel.Information, "Reads go to the replica {Host}")]
    private static partial void LogUsable(ILogger logger, string host);

    [LoggerMessage(3051, LogLevel.Warning, "The replica {Host} is not read from, the primary answers instead: {State}, {Why}")]
    private static partial void LogUnusable(ILogger logger, string host, ReplicaState state, string why);
}
