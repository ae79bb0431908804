namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>What is exported, as OpenTelemetry's standard settings say. All of it is off unless one of them is set.</summary>
/// <param name="Traces">Traces go to an OTLP receiver.</param>
/// <param name="Metrics">Metrics are sent to an OTLP receiver.</param>
/// <param name="Prometheus">Metrics are to be had at <c>/metrics</c> of the health port.</param>
public sealed record TelemetrySettings(bool Traces, bool Metrics, bool Prometheus)
{
    private const string Otlp = "otlp";

    /// <summary>
    /// Reads <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its relatives for one signal, <c>OTEL_TRACES_EXPORTER</c> and
    /// <c>OTEL_METRICS_EXPORTER</c> (lists of <c>otlp</c>, <c>prometheus</c> and <c>none</c>), and <c>OTEL_SDK_DISABLED</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">An exporter that this program does not have.</exception>
    public static TelemetrySettings Read(IConfiguration configuration)
    {
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
            return new(false, false, false);

        var traces = Exporters(configuration, "TRACES", Otlp);
        var metrics = Exporters(configuration, "METRICS", Otlp, "prometheus");
        return new(traces.Contains(Otlp), metrics.Contains(Otlp), metrics.Contains("prometheus"));
    }

    private static string[] Exporters(IConfiguration configuration, string signal, params string[] known)
    {
        var key = $"OTEL_{signal}_EXPORTER";
        if (configuration[key] is not { Length: > 0 } list)
        {
            var isSet = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 }
                || configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 };
            return isSet ? [Otlp] : [];
        }

        var exporters = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (exporters.Except(known).FirstOrDefault(e => e != "none") is { } unknown)
            throw new InvalidOperationException($"{key}: '{unknown}' is none of {string.Join(", ", known)} and none.");
        return exporters;
    }
}
