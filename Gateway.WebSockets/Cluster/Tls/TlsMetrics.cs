using System.Diagnostics.Metrics;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>The meter <c>Firezone.Cluster</c>: connections between silos and of front-ends to silos.</summary>
internal sealed class TlsMetrics
{
    /// <summary>The meter's name.</summary>
    internal const string MeterName = "Firezone.Cluster";

    private const string Prefix = "firezone.cluster.tls.";
    private static readonly KeyValuePair<string, object?> Accepting = new("side", "accepting");
    private static readonly KeyValuePair<string, object?> Dialling = new("side", "dialling");

    private readonly Histogram<double> _handshakes;
    private readonly Counter<long> _refused;

    public TlsMetrics(IMeterFactory meters, TimeProvider time, ClusterCertificates certificates)
    {
        var meter = meters.Create(MeterName);
        _handshakes = meter.CreateHistogram(
            Prefix + "handshake.duration",
            "s",
            "Time until both peers have proved who they are.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        _refused = meter.CreateCounter<long>(Prefix + "refused", "{connection}", "Connections that did not come about, by reason.");
        meter.CreateObservableGauge(
            Prefix + "certificate.expires",
            () => (certificates.Current.NotAfter - time.GetUtcNow()).TotalSeconds,
            "s",
            "Time until the certificate in use ends; below 0 afterwards.");
    }

    internal void Completed(bool accepting, TimeSpan took) => _handshakes.Record(took.TotalSeconds, accepting ? Accepting : Dialling);

    internal void Refused(bool accepting, RefusalReason reason) =>
        _refused.Add(1, accepting ? Accepting : Dialling, new KeyValuePair<string, object?>("reason", reason.Word()));
}
