using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Upgrades;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Hosting;

/// <summary>Puts the front-end's endpoints into a process's pipeline.</summary>
public static class FrontEndAppExtensions
{
    private const string ProxyIdHeader = "X-Azure-FDID";

    /// <summary>
    /// Maps <c>/client/websocket</c>, <c>/gateway/websocket</c> and <c>/relay/websocket</c>, at the root and under the base path, and
    /// <c>/healthz</c>, <c>/startupz</c> and <c>/readyz</c>. Call it before mapping what else the process serves: the health port and the
    /// proxy's id are checked for those endpoints too. The checks need the routing decision: a process that calls <c>UseRouting</c> itself
    /// does so before.
    /// </summary>
    public static WebApplication MapFirezoneFrontEnd(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<FrontEndOptions>>().Value;
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.Use((context, next) => GuardAsync(context, next, options));

        if (options.HealthPort > 0)
            app.MapFirezoneMetrics()?.WithMetadata(FrontEndEndpoint.Metrics);
        HealthEndpoints.Map(app, app.Services.GetRequiredService<Readiness>(), app.Services.GetServices<ReadinessNote>());
        var upgrades = app.Services.GetRequiredService<UpgradeHandler>();
        MapSockets(app, "", upgrades);
        if (options.BasePath.TrimEnd('/') is { Length: > 0 } basePath)
            MapSockets(app, basePath, upgrades);
        return app;
    }

    private static void MapSockets(WebApplication app, string basePath, UpgradeHandler upgrades)
    {
        Map("/client/websocket", PeerKind.Client);
        Map("/gateway/websocket", PeerKind.Gateway);
        Map("/relay/websocket", PeerKind.Relay);

        void Map(string path, PeerKind kind) => app
            .Map(basePath + path, context => upgrades.HandleAsync(context, kind))
            .WithMetadata(FrontEndEndpoint.Socket)
            .AllowAnonymous();
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next, FrontEndOptions options)
    {
        var own = context.GetEndpoint()?.Metadata.GetMetadata<FrontEndEndpoint>();
        if (ReferenceEquals(own, FrontEndEndpoint.Health))
            return next(context);

        var onHealthPort = options.HealthPort > 0 && context.Connection.LocalPort == options.HealthPort;
        if (onHealthPort != ReferenceEquals(own, FrontEndEndpoint.Metrics))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (own is null && options.ProxyId is { Length: > 0 } id && context.Request.Headers[ProxyIdHeader] != id)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return context.Response.WriteAsync("Bad Gateway", context.RequestAborted);
        }

        return next(context);
    }
}
