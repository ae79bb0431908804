using System.Diagnostics.Metrics;
using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Routing;

namespace Firezone.Storage.Postgres;

/// <summary>
/// What the storage counts. Meter <c>Firezone.Storage.Postgres</c>; the tag <c>writer</c> tells the writers apart, <c>replica</c> the
/// replicas.
/// </summary>
public sealed class StorageMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Firezone.Storage.Postgres";

    private readonly Counter<long>? _written;
    private readonly Counter<long>? _statements;
    private readonly Counter<long>? _rejected;
    private readonly Counter<long>? _dropped;
    private readonly Counter<long>? _failures;
    private readonly Counter<long>? _listens;
    private readonly Counter<long>? _reads;
    private readonly Counter<long>? _barriers;
    private readonly Counter<long>? _connectsRefused;
    private readonly Gauge<int>? _circuit;
    private Func<IEnumerable<ReplicaStatus>>? _replicas;

    /// <summary>Creates the instruments; without a factory nothing is recorded.</summary>
    /// <param name="meters">The host's.</param>
    public StorageMetrics(IMeterFactory? meters = null)
    {
        if (meters?.Create(MeterName) is not { } meter)
            return;
        _written = meter.CreateCounter<long>("firezone.storage.rows_written", "{row}", "Rows committed by the group-commit writers.");
        _statements = meter.CreateCounter<long>("firezone.storage.write_statements", "{statement}", "Multi-row statements they sent.");
        _rejected = meter.CreateCounter<long>("firezone.storage.rows_rejected", "{row}", "Rows that the database refused.");
        _dropped = meter.CreateCounter<long>("firezone.storage.rows_dropped", "{row}", "Rows given up: queue full or database away.");
        _failures = meter.CreateCounter<long>("firezone.storage.write_failures", "{failure}", "Statements that found no database.");
        _listens = meter.CreateCounter<long>("firezone.storage.listens", "{connect}", "Times that LISTEN was established.");
        _reads = meter.CreateCounter<long>(
            "firezone.storage.reads", "{read}", "Reads that a replica may answer, by the server that did and why; none without replicas.");
        _barriers = meter.CreateCounter<long>("firezone.storage.barriers", "{statement}", "Times that the primary was asked how far it is.");
        _connectsRefused = meter.CreateCounter<long>(
            "firezone.storage.connects_refused", "{connect}", "Connects that were not decided on, by reason: down, late, busy, conflict.");
        _circuit = meter.CreateGauge<int>(
            "firezone.storage.circuit", "{state}", "Whether connects may ask the database: 0 yes, 1 one of them, 2 none.");
        meter.CreateObservableGauge(
            "firezone.storage.replica.state",
            () => Replicas().Select(r => new Measurement<int>(1, Host(r), new("state", r.State.ToString()))),
            "{replica}",
            "1 for the state that each replica is in.");
        meter.CreateObservableGauge(
            "firezone.storage.replica.lag_bytes",
            () => Replicas().Select(r => new Measurement<long>(r.LagBytes, Host(r))),
            "By",
            "Log of the primary that a replica has not replayed.");
        meter.CreateObservableGauge(
            "firezone.storage.replica.lag",
            () => Replicas().Select(r => new Measurement<double>(r.LagSeconds, Host(r))),
            "s",
            "How old the data of a replica are; 0 if it has everything.");
    }

    internal void Written(string writer, long rows) => _written?.Add(rows, Tag(writer));

    internal void Statement(string writer) => _statements?.Add(1, Tag(writer));

    internal void Rejected(string writer) => _rejected?.Add(1, Tag(writer));

    internal void Dropped(string writer) => _dropped?.Add(1, Tag(writer));

    internal void Failed(string writer) => _failures?.Add(1, Tag(writer));

    internal void Listening() => _listens?.Add(1);

    internal void ConnectRefused(string reason) => _connectsRefused?.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Circuit(CircuitState state) => _circuit?.Record((int)state);

    internal void Read(string server, string why) => _reads?.Add(1, new("server", server), new("why", why));

    internal void Barrier() => _barriers?.Add(1);

    /// <summary>Shows the replicas.</summary>
    internal void Observe(Func<IEnumerable<ReplicaStatus>> replicas) => Volatile.Write(ref _replicas, replicas);

    private IEnumerable<ReplicaStatus> Replicas() => Volatile.Read(ref _replicas)?.Invoke() ?? [];

    private static KeyValuePair<string, object?> Host(ReplicaStatus replica) => new("replica", replica.Host);

    private static KeyValuePair<string, object?> Tag(string writer) => new("writer", writer);
}
