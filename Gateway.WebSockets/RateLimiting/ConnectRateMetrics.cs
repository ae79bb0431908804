using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// Instrument <c>firezone.frontend.connect_rate.questions</c> (outcome: passed, refused, unanswered): connects about which the cluster was
/// asked because this process alone would have let them pass. Those unanswered pass.
/// </summary>
internal sealed class ConnectRateMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _questions = meters.Create(FrontEndMetrics.MeterName).CreateCounter<long>(
        "firezone.frontend.connect_rate.questions", "{connect}", "Connects about which the cluster's connect rate limit was asked.");

    internal void Asked(bool? verdict) =>
        _questions.Add(1, new KeyValuePair<string, object?>("outcome", verdict switch { true => "passed", false => "refused", _ => "unanswered" }));
}
