using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>
/// Instruments <c>firezone.frontend.admission.limit</c>, <c>….under_way</c>, <c>….rate</c>, <c>….waiting</c> (devices that were told to come
/// back and have not yet), <c>….storm</c> (1 while one goes on) and <c>….refused</c> (reason: under_way, rate, sessions, address).
/// </summary>
internal sealed class AdmissionMetrics(IMeterFactory meters)
{
    private const string Prefix = "firezone.frontend.admission.";

    private readonly Meter _meter = meters.Create(FrontEndMetrics.MeterName);

    private readonly Counter<long> _refused = meters.Create(FrontEndMetrics.MeterName).CreateCounter<long>(
        Prefix + "refused", "{connect}", "Connects refused as overloaded.");

    /// <summary>Has the state looked at whenever somebody wants to know it.</summary>
    internal void Observe(Func<AdmissionState> state)
    {
        _meter.CreateObservableGauge(Prefix + "limit", () => state().Limit, "{connect}", "Connects and joins that may be under way.");
        _meter.CreateObservableGauge(Prefix + "under_way", () => state().UnderWay, "{connect}", "Connects and joins under way.");
        _meter.CreateObservableGauge(Prefix + "rate", () => state().PerSecond, "{connect}/s", "Connects per second that may be taken on.");
        _meter.CreateObservableGauge(Prefix + "waiting", () => state().Waiting, "{device}", "Devices that were told to come back.");
        _meter.CreateObservableGauge(Prefix + "storm", () => state().IsStorm ? 1 : 0, "{storm}", "1 while connects are refused as too many.");
    }

    internal void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
