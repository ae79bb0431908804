using System.ComponentModel.DataAnnotations;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>
/// What is not covered by OpenTelemetry's own settings (<c>OTEL_*</c>). Section <c>Telemetry</c>.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Telemetry";

    /// <summary>
    /// Most lines that one event of one category may log per second; the rest is counted in one line. 0: no bound. Default 10.
    /// </summary>
    [Range(0, 1_000_000)]
    public int LogLinesPerSecond { get; set; } = 10;

    /// <summary>Share of connects, joins and flows that are traced, unless <c>OTEL_TRACES_SAMPLER</c> says otherwise. Default 0.01.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; } = 0.01;
}
