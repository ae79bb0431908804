using Firezone.Gateway.WebSockets.Telemetry.Logs;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>What every process of the product has for whoever watches it: bounded logs, metrics, traces.</summary>
public static class TelemetryExtensions
{
    private const string NameKey = "OTEL_SERVICE_NAME";
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";
    private const int MostSeries = 100;

    // Those of other projects have our prefix too, without being referenced here.
    private static readonly string[] Meters = ["Firezone.*", "Orleans.Membership.Postgres", "Microsoft.Orleans", "Npgsql", "System.Runtime"];
    private static readonly string[] Sources = ["Firezone.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Npgsql"];

    /// <summary>
    /// Call it after the log providers have been added. Traces and metrics cost nothing until <see cref="TelemetrySettings"/> asks for them.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="name">Its name in traces and metrics, unless <c>OTEL_SERVICE_NAME</c> gives one.</param>
    public static WebApplicationBuilder AddFirezoneTelemetry(this WebApplicationBuilder builder, string name)
    {
        var services = builder.Services;
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Logging.LimitLines();
        services.AddLogLevels();
        // Whoever does not read the output any more must not stop those who write to it.
        services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);

        var settings = TelemetrySettings.Read(builder.Configuration);
        if (!settings.Traces && !settings.Metrics && !settings.Prometheus)
            return builder;

        var telemetry = services.AddOpenTelemetry();
        if (string.IsNullOrEmpty(builder.Configuration[NameKey]))
            telemetry.ConfigureResource(resource => resource.AddService(name));
        if (settings.Metrics || settings.Prometheus)
            telemetry.WithMetrics(metrics => Add(metrics, settings));
        if (settings.Traces)
            telemetry.WithTracing(traces => Add(traces, builder.Configuration));
        return builder;
    }

    /// <summary>Whether calls between processes carry the trace that they belong to. That costs something per call.</summary>
    public static bool IsTraced(this IConfiguration configuration) => TelemetrySettings.Read(configuration).Traces;

    /// <summary>Serves <c>/metrics</c> if it is asked for; null otherwise. Not for an address that devices can reach.</summary>
    public static IEndpointConventionBuilder? MapFirezoneMetrics(this WebApplication app) =>
        TelemetrySettings.Read(app.Configuration).Prometheus ? app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous() : null;

    private static void Add(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        // Room for the series of every instrument is taken when it begins; the default of 2,000 is tens of megabytes for what has dozens.
        metrics.AddMeter(Meters).AddView("*", new MetricStreamConfiguration { CardinalityLimit = MostSeries });
        if (settings.Prometheus)
            metrics.AddPrometheusExporter();
        if (settings.Metrics)
            metrics.AddOtlpExporter();
    }

    private static void Add(TracerProviderBuilder traces, IConfiguration configuration)
    {
        traces.AddSource(Sources).AddOtlpExporter();
        if (!string.IsNullOrEmpty(configuration[SamplerKey]))
            return;
        var options = configuration.GetSection(TelemetryOptions.SectionName).Get<TelemetryOptions>() ?? new();
        traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(Math.Clamp(options.TraceRatio, 0, 1))));
    }
}
