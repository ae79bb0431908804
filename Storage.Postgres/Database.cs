using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres;

/// <summary>
/// The ways to the database. Writes, locks and LISTEN go to the primary; reads go to a replica if one is configured and new enough, and
/// no caller names a host.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource _write;
    private readonly WarmConnections _warm;
    private readonly PrimaryGuard _guard = new();

    /// <summary>Opens no connection yet.</summary>
    /// <param name="connectionString">
    /// Npgsql's format. Statements are prepared automatically and the pool is kept to 32 connections unless the string says otherwise;
    /// behind a pooler in transaction mode add <c>Max Auto Prepare=0</c>. Several hosts may be listed; the primary among them is used.
    /// </param>
    /// <param name="loggers">Npgsql's own log, without parameter values, and one line per change of a replica's state.</param>
    /// <param name="replicas">
    /// Standbys of that primary, in the same format, by host; reads take turns among those that are fit. Null or empty: there are none,
    /// and the primary answers everything.
    /// </param>
    /// <param name="options">Bounds of reading from them.</param>
    /// <param name="time">For these.</param>
    /// <param name="metrics">Counts.</param>
    public Database(
        string connectionString,
        ILoggerFactory? loggers = null,
        string? replicas = null,
        ReplicaOptions? options = null,
        TimeProvider? time = null,
        StorageMetrics? metrics = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefaults(settings);
        SetDefault(settings, "Timeout", () => settings.Timeout = 5);
        SetDefault(settings, "Command Timeout", () => settings.CommandTimeout = 10);
        SetDefault(settings, "Host Recheck Seconds", () => settings.HostRecheckSeconds = 1);
        ConnectionString = settings.ConnectionString;
        PoolSize = settings.MaxPoolSize;

        // The pool's name in metrics and traces; without one it would be the connection string.
        var builder = new NpgsqlDataSourceBuilder(ConnectionString) { Name = settings.ApplicationName };
        builder.UseLoggerFactory(loggers);
        builder.UsePhysicalConnectionInitializer(_guard.Admit, _guard.AdmitAsync);
        _write = settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
        // Half of what connects leave to others.
        _warm = new(_write, PoolSize / 8, time ?? TimeProvider.System);
        _guard.Promoted = _warm.Clear;
        if (!string.IsNullOrWhiteSpace(replicas))
            Router = Route(replicas, options ?? new(), time ?? TimeProvider.System, metrics ?? new(), loggers ?? NullLoggerFactory.Instance);
    }

    /// <summary>The primary. For reads see <see cref="ReadAsync{T}(ReadQuery{T}, CancellationToken)"/>.</summary>
    public NpgsqlDataSource Write => _write;

    /// <summary>The replicas as this process sees them.</summary>
    public IReadOnlyList<ReplicaStatus> Replicas => Router is null ? [] : [.. Router.Replicas.Select(r => r.Status)];

    /// <summary>Connections to the primary that may be open at one time.</summary>
    public int PoolSize { get; }

    /// <summary>As given, with the defaults filled in; contains the password.</summary>
    internal string ConnectionString { get; }

    /// <summary>Null: there are no replicas.</summary>
    internal ReadRouter? Router { get; }

    /// <summary>Closes the pooled connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Router is not null)
            await Router.DisposeAsync();
        await _warm.DisposeAsync();
        await _write.DisposeAsync();
    }

    /// <summary>Reads what was committed before this call, perhaps more.</summary>
    /// <param name="query">What to read.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The primary did not answer. A replica's failure is nobody's: the primary answers instead.</exception>
    internal Task<T> ReadAsync<T>(ReadQuery<T> query, CancellationToken ct) =>
        Router is null ? UseAsync(primary => query.RunAsync(primary, ct), ct) : Router.ReadAsync(query, ct);

    /// <summary>Reads something that shows how new it is, without asking the primary for its position.</summary>
    /// <param name="query">What to read; its clock is never given.</param>
    /// <param name="judge">What a replica's answer is worth; the primary's is taken as it is.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The primary did not answer either.</exception>
    internal Task<T> ReadAsync<T>(ReadQuery<T> query, Func<T, ReplicaAnswer> judge, CancellationToken ct) =>
        Router is null ? UseAsync(primary => query.RunAsync(primary, ct), ct) : Router.ReadAsync(query, judge, ct);

    /// <summary>Runs on the primary what runs all the time; see <see cref="WarmConnections.UseAsync"/>.</summary>
    internal Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken ct) => _warm.UseAsync(use, ct);

    /// <summary>
    /// A connection to the primary outside the pool, for what belongs to a session: LISTEN, locks, settings. The caller's to dispose.
    /// </summary>
    /// <param name="applicationName">For whoever looks at the server.</param>
    /// <param name="commandTimeoutSeconds">Of its commands.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The primary did not answer.</exception>
    internal async Task<NpgsqlConnection> OpenSessionAsync(string applicationName, int commandTimeoutSeconds, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            CommandTimeout = commandTimeoutSeconds,
            TcpKeepAlive = true,
            ApplicationName = applicationName,
        };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
            settings.TargetSessionAttributes = "primary";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            await _guard.AdmitAsync(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private ReadRouter Route(string replicas, ReplicaOptions options, TimeProvider time, StorageMetrics metrics, ILoggerFactory loggers)
    {
        var settings = new NpgsqlConnectionStringBuilder(replicas);
        SetDefaults(settings);
        // Short: the primary answers instead.
        SetDefault(settings, "Timeout", () => settings.Timeout = 2);
        SetDefault(settings, "Command Timeout", () => settings.CommandTimeout = 2);
        SetDefault(settings, "Cancellation Timeout", () => settings.CancellationTimeout = 250);
        // A server may be set to another default, under which the position and what is read after it would not be of this order.
        settings.Options = $"{settings.Options} -c default_transaction_isolation=read\\ committed".TrimStart();
        var hosts = (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(
            _warm,
            _guard,
            [.. hosts.Select(h => new Replica(new(settings.ConnectionString) { Host = h }, options.SkipTime, time, loggers))],
            options,
            time,
            metrics);
    }

    private static void SetDefaults(NpgsqlConnectionStringBuilder settings)
    {
        // Nothing here changes the state of a session beyond its transaction; the reset would be seven statements per use of a connection.
        SetDefault(settings, "No Reset On Close", () => settings.NoResetOnClose = true);
        SetDefault(settings, "Max Auto Prepare", () => settings.MaxAutoPrepare = 64);
        SetDefault(settings, "Auto Prepare Min Usages", () => settings.AutoPrepareMinUsages = 2);
        SetDefault(settings, "Maximum Pool Size", () => settings.MaxPoolSize = 32);
        SetDefault(settings, "Application Name", () => settings.ApplicationName = "firezone");
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder settings, string keyword, Action set)
    {
        if (!settings.ShouldSerialize(keyword))
            set();
    }
}
