using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Storage.Postgres.Availability;
using Microsoft.AspNetCore.Hosting.Server;

namespace Firezone.Silos.Hosting;

/// <summary>Health of a silo without a front-end: its only HTTP. With a front-end in the process, the front-end's endpoints serve both.</summary>
public static class SiloHealth
{
    /// <summary>Listens on <see cref="SiloOptions.HealthPort"/> of all addresses and nowhere else; with 0 there is no HTTP at all.</summary>
    public static void AddSiloHealth(this WebApplicationBuilder builder, SiloOptions options)
    {
        if (options.HealthPort == 0)
            builder.Services.AddSingleton<IServer, NoServer>();
        else
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(options.HealthPort));
    }

    /// <summary>
    /// <c>/healthz</c>: the process runs. <c>/startupz</c>: the silo has joined the cluster; before, nothing listens. <c>/readyz</c>: the silo
    /// is active, and whether its database answers; 503 while it starts and as soon as it is told to stop.
    /// </summary>
    public static void MapSiloHealth(this WebApplication app)
    {
        var lifetime = app.Lifetime;
        var gate = app.Services.GetRequiredService<ConnectGate>();
        app.MapFirezoneMetrics();
        app.MapGet("/healthz", static context => HealthAnswer.WriteAsync(context, StatusCodes.Status200OK, "ok"));
        app.MapGet("/startupz", static context => HealthAnswer.WriteAsync(context, StatusCodes.Status200OK, "started"));
        app.MapGet("/readyz", context =>
            lifetime.ApplicationStopping.IsCancellationRequested ? UnreadyAsync(context, "draining")
            : lifetime.ApplicationStarted.IsCancellationRequested
                ? HealthAnswer.WriteAsync(context, StatusCodes.Status200OK, "ready", ("database", DatabaseState(gate)))
                : UnreadyAsync(context, "starting"));
    }

    /// <summary>As connects have found it: <c>up</c>, or <c>down</c> while they are refused.</summary>
    internal static string DatabaseState(ConnectGate gate) => gate.State is CircuitState.Closed ? "up" : "down";

    private static Task UnreadyAsync(HttpContext context, string status) =>
        HealthAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, status);
}
