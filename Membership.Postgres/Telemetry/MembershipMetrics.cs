using System.Diagnostics.Metrics;
using Firezone.Membership.Postgres.Signals;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>
/// The meter <c>Orleans.Membership.Postgres</c>. Instruments, all with the prefix <c>orleans.membership.</c>: <c>signals.sent</c> and
/// <c>signals.received</c> (tag kind: table, heartbeat, goodbye, drains, rollcall), <c>signals.ignored</c> (reason), <c>signals.failures</c>
/// (kind; not sent in time), <c>listen.reconnects</c>, <c>refreshes</c> (cause), <c>detections</c> and <c>detection.latency</c> in
/// seconds (path), and the gauges <c>silos</c> (status) and <c>heartbeat.age</c> in seconds (silo).
/// </summary>
public sealed class MembershipMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Orleans.Membership.Postgres";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _detections;
    private readonly Histogram<double> _latency;
    private Func<IEnumerable<KeyValuePair<SiloStatus, int>>>? _silos;
    private Func<IEnumerable<HeartbeatAge>>? _ages;

    /// <summary>Creates the instruments.</summary>
    public MembershipMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _sent = meter.CreateCounter<long>("orleans.membership.signals.sent", "{signal}", "Signals that PostgreSQL took.");
        _received = meter.CreateCounter<long>("orleans.membership.signals.received", "{signal}", "Valid signals heard, own ones included.");
        _ignored = meter.CreateCounter<long>("orleans.membership.signals.ignored", "{signal}", "Payloads on the channel that are no signal.");
        _failures = meter.CreateCounter<long>("orleans.membership.signals.failures", "{signal}", "Signals not sent in time.");
        _reconnects = meter.CreateCounter<long>("orleans.membership.listen.reconnects", "{connection}", "LISTEN sessions after the first.");
        _refreshes = meter.CreateCounter<long>("orleans.membership.refreshes", "{refresh}", "Reads of the table by cause.");
        _detections = meter.CreateCounter<long>("orleans.membership.detections", "{silo}", "Silos found gone, by what told it.");
        _latency = meter.CreateHistogram(
            "orleans.membership.detection.latency",
            "s",
            "From the first evidence to the dead row.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 16, 30, 60] });
        meter.CreateObservableGauge("orleans.membership.silos", ObserveSilos, "{silo}", "Silos by status, as this process sees them.");
        meter.CreateObservableGauge("orleans.membership.heartbeat.age", ObserveAges, "s", "Time since each silo was heard, this one included; since it was first seen if never.");
    }

    /// <summary>Feeds the gauges; until then they are empty. Called at each collection, on the collector's thread, and must not block.</summary>
    internal void Observe(Func<IEnumerable<KeyValuePair<SiloStatus, int>>> silosByStatus, Func<IEnumerable<HeartbeatAge>> heartbeatAges)
    {
        Volatile.Write(ref _silos, silosByStatus);
        Volatile.Write(ref _ages, heartbeatAges);
    }

    internal void Sent(Signal signal) => _sent.Add(1, Kind(signal));

    internal void SendFailed(Signal signal) => _failures.Add(1, Kind(signal));

    internal void Received(Signal signal) => _received.Add(1, Kind(signal));

    internal void Ignored(string reason) => _ignored.Add(1, Tag("reason", reason));

    internal void ListenReconnected() => _reconnects.Add(1);

    /// <param name="cause">One of a small fixed set of words.</param>
    internal void RefreshDone(string cause) => _refreshes.Add(1, Tag("cause", cause));

    /// <param name="path">One of a small fixed set of words.</param>
    /// <param name="latency">From the silo's last sign of life.</param>
    internal void Detected(string path, TimeSpan latency)
    {
        _detections.Add(1, Tag("path", path));
        _latency.Record(latency.TotalSeconds, Tag("path", path));
    }

    private IEnumerable<Measurement<int>> ObserveSilos() =>
        Volatile.Read(ref _silos)?.Invoke().Select(s => new Measurement<int>(s.Value, Tag("status", s.Key.ToString()))) ?? [];

    private IEnumerable<Measurement<double>> ObserveAges() =>
        Volatile.Read(ref _ages)?.Invoke().Select(a => new Measurement<double>(a.Age.TotalSeconds, Tag("silo", a.Silo.Value))) ?? [];

    private static KeyValuePair<string, object?> Kind(Signal signal) => Tag("kind", signal switch
    {
        Signal.TableChanged => "table",
        Signal.Heartbeat => "heartbeat",
        Signal.Goodbye => "goodbye",
        Signal.Drains => "drains",
        _ => "rollcall",
    });

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
