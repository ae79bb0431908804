using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Draining;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Gateway.WebSockets.RemoteAddresses;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Telemetry.Logs;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Gateway.WebSockets.Upgrades;
using Firezone.Grains.Abstractions.FrontEnds;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Hosting;

/// <summary>Adds the front-end to a process, be it a silo or an Orleans client.</summary>
public static class FrontEndBuilderExtensions
{
    /// <summary>
    /// Registers everything that <see cref="FrontEndAppExtensions.MapFirezoneFrontEnd"/> serves and sets the addresses to listen on. The
    /// process must also have an <see cref="IGrainFactory"/>: call <c>UseOrleans</c> or <c>UseOrleansClient</c>.
    /// </summary>
    public static WebApplicationBuilder AddFirezoneFrontEnd(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(FrontEndOptions.SectionName);
        FrontEndAddresses.Configure(builder, section.Get<FrontEndOptions>() ?? new FrontEndOptions());

        KeepTokensOutOfLogs(builder);

        var services = builder.Services;
        services.AddOptions<FrontEndOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FrontEndOptions>, FrontEndOptionsValidator>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<FrontEndOptions>>(
            static (kestrel, options) => LimitHandshakes(kestrel, options.Value.HandshakeTimeout));
        if (OperatingSystem.IsLinux())
            services.AddPolledTransport();
        else
            services.Configure<KestrelServerOptions>(ServeSockets);
        services.Configure<SocketTransportOptions>(RunInline);
        services.AddOptions<HostOptions>().PostConfigure<IOptions<FrontEndOptions>>(LetDrain);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddLogLevels();

        services.AddSingleton<FrontEndMetrics>();
        services.AddSingleton<Readiness>();
        services.AddUpgrades();
        services.AddSessions();
        return builder;
    }

    /// <summary>
    /// The framework's request log prints query strings, and older peers send their token in one. With all of it off no activity is made per
    /// request either, which would live as long as its socket and be the parent of all that the socket does.
    /// </summary>
    private static void KeepTokensOutOfLogs(WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore"] is null)
            builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    }

    private static void AddUpgrades(this IServiceCollection services)
    {
        services.AddSingleton<RealIpResolver>();
        services.AddSingleton<LocalConnectRateLimiter>();
        services.AddSingleton<ConnectRateLimiter>();
        services.AddSingleton<ConnectRateMetrics>();
        services.AddSingleton<AdmissionMetrics>();
        services.AddSingleton<ConnectAdmission>();
        services.AddSingleton<AdmissionCaller>();
        services.AddSingleton<UpgradeHandler>();
        services.AddSingleton<PendingHandshakes>();
        services.AddHostedService<BadRequests>();
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<DetachQueue>();
        services.AddSingleton<ConnectionServices>();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<ClusterMotion>();
        services.AddSingleton<FrontEndReporter>();
        services.AddSingleton<SocketCloser>();
        services.AddSingleton<OperatorDrain>();
        services.AddSingleton<FrontEndObserver>();
        services.AddSingleton<FrontEndIdentity>();
        services.AddSingleton(static provider => new LocalFrontEnd(
            provider.GetRequiredService<FrontEndIdentity>().Id,
            provider.GetRequiredService<FrontEndObserver>(),
            provider.GetRequiredService<SessionRegistry>().Find));
        services.AddSingleton<ReattachTurns>();
        services.AddSingleton<Reattacher>();
        services.AddSingleton<LeaseKeeper>();
        services.AddHostedService<SessionSweeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddHostedService<Drainer>();
    }

    /// <summary>Beside the framework's transports, and asked before them.</summary>
    private static void AddPolledTransport(this IServiceCollection services)
    {
        services.AddSingleton<PollingLoops>();
        services.AddSingleton<IConnectionListenerFactory, PolledTransport>();
    }

    private static void ServeSockets(KestrelServerOptions kestrel)
    {
        var services = kestrel.ApplicationServices;
        var healthPort = services.GetRequiredService<IOptions<FrontEndOptions>>().Value.HealthPort;
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            if (endpoint.IPEndPoint is not { } address || address.Port != healthPort)
                endpoint.Use(next => ActivatorUtilities.CreateInstance<HandshakeMiddleware>(services, next).OnConnectionAsync);
        });
    }

    private static void LetDrain(HostOptions host, IOptions<FrontEndOptions> options)
    {
        var deadline = DrainTime.Deadline(options.Value);
        if (host.ShutdownTimeout < deadline)
            host.ShutdownTimeout = deadline;
    }

    /// <summary>What reads a socket, and what is sent on it, runs where the socket's event was found: nothing in it blocks.</summary>
    private static void RunInline(SocketTransportOptions transport)
    {
        transport.UnsafePreferInlineScheduling = true;
        // So much may wait of a peer that is not read.
        transport.MaxReadBufferSize = 64 * 1024;
    }

    /// <summary>A connection that has not become a socket is worth little patience.</summary>
    private static void LimitHandshakes(KestrelServerOptions kestrel, TimeSpan timeout)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = timeout;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        kestrel.Limits.MaxRequestHeadersTotalSize = RequestHead.MaxHeadersSize;
        kestrel.Limits.MaxRequestHeaderCount = RequestHead.MaxHeaders;
        kestrel.Limits.MaxRequestLineSize = RequestHead.MaxLineSize;
    }
}
