using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Firezone.Shared;
using Firezone.Storage.Postgres.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Routing;

/// <summary>A process's database with replicas, watched; counts who answered its reads, and tells every change of a replica's state.</summary>
internal sealed class RoutedDatabase : ILoggerFactory, ILogger, IAsyncDisposable
{
    /// <summary>The monitor looks once, at the start, and never again while a test runs.</summary>
    public static readonly TimeSpan Once = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly MeterListener _listener = new();
    private readonly ReplicaMonitor _monitor;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RoutedDatabase(string primary, string replicas, ReplicaOptions options)
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Count(i, value, tags));
        _listener.Start();
        Database = new Database(primary, this, replicas, options, TimeProvider.System, new StorageMetrics(meters));
        _monitor = new ReplicaMonitor(Database, TimeProvider.System);
    }

    public Database Database { get; }

    /// <summary>Times that the primary was asked for its position.</summary>
    public long Barriers => _counts.GetValueOrDefault("firezone.storage.barriers");

    /// <summary>Lines about replicas.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>Returns when the first replica is in the wanted state.</summary>
    public static async Task<RoutedDatabase> StartAsync(
        PostgresCluster cluster, Action<ReplicaOptions>? configure = null, ReplicaState state = ReplicaState.Usable, string extra = "")
    {
        var primary = cluster.Primary.ConnectionString();
        return await StartAsync(primary, cluster.StandbyConnectionString + extra, configure, state);
    }

    /// <inheritdoc cref="StartAsync(PostgresCluster, Action{ReplicaOptions}?, ReplicaState, string)"/>
    public static async Task<RoutedDatabase> StartAsync(
        string primary, string replicas, Action<ReplicaOptions>? configure = null, ReplicaState state = ReplicaState.Usable)
    {
        var options = new ReplicaOptions { ProbeInterval = TimeSpan.FromMilliseconds(50), SkipTime = TimeSpan.Zero };
        configure?.Invoke(options);
        var routed = new RoutedDatabase(primary, replicas, options);
        await routed._monitor.StartAsync(CancellationToken.None);
        await routed.UntilAsync(state);
        return routed;
    }

    /// <summary>Waits until all replicas are in a state, as their log lines tell.</summary>
    public async Task UntilAsync(ReplicaState state)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = _changed.Task;
            if (Database.Replicas.All(r => r.State == state))
                return;
            await changed.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Reads answered by a server for a reason.</summary>
    public long Reads(string server, string why) => _counts.GetValueOrDefault($"firezone.storage.reads {server} {why}");

    /// <summary>One value, as all readers get theirs.</summary>
    public Task<T> ReadAsync<T>(string sql, CancellationToken ct = default) => Database.ReadAsync(
        new ReadQuery<T>(
            (commands, _) => commands.Add(new NpgsqlBatchCommand(sql)),
            async (reader, stop) => await reader.ReadAsync(stop) ? await reader.GetFieldValueAsync<T>(0, stop) : default!),
        ct);

    public async ValueTask DisposeAsync()
    {
        await _monitor.StopAsync(CancellationToken.None);
        _monitor.Dispose();
        await Database.DisposeAsync();
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    ILogger ILoggerFactory.CreateLogger(string categoryName) =>
        categoryName == typeof(Replica).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue(formatter(state, exception));
        lock (_lock)
        {
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    void IDisposable.Dispose()
    {
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _counts.AddOrUpdate(
        instrument.Name + string.Concat(tags.ToArray().Select(t => " " + t.Value)), value, (_, sum) => sum + value);
}
