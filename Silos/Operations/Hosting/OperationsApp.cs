using Firezone.Silos.Operations.Authentication;
using Firezone.Silos.Operations.Collecting;
using Firezone.Silos.Operations.Overview;
using Firezone.Silos.Operations.Pages;
using Firezone.Storage.Postgres;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Firezone.Silos.Operations.Hosting;

/// <summary>
/// Composition of the pages for operators: a web application of its own inside the process, so that none of its routes can appear on the
/// devices' listener, nor theirs on this one.
/// </summary>
internal static class OperationsApp
{
    /// <summary>How it is listened for.</summary>
    public static KestrelServerOptions Listener()
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = 16 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        return kestrel;
    }

    /// <param name="server">Where requests come from.</param>
    /// <param name="services">What it takes from the silo.</param>
    /// <param name="database">For tokens and figures.</param>
    /// <param name="key">For cookies; null: nobody signs in with a provider.</param>
    public static WebApplication Build(IServer server, OperationsServices services, Database database, byte[]? key)
    {
        var options = services.Options;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(OperationsApp).Assembly.GetName().Name });
        var own = builder.Services;
        own.AddSingleton(server);
        own.Replace(ServiceDescriptor.Singleton(services.Loggers));
        own.AddSingleton<IHostLifetime, SiloLifetime>();
        own.AddSingleton(services);
        own.AddSingleton(options);
        own.AddSingleton(database);
        own.AddSingleton(services.Time);
        own.AddSingleton<KnownTokens>();
        own.AddSingleton<GuessBound>();
        own.AddSingleton<OperatorAccess>();
        own.AddSingleton<OperationsGate>();
        own.AddSingleton<DatabaseFigures>();
        own.AddSingleton<OverviewSource>();
        own.AddSingleton<OverviewFeed>();
        own.AddSingleton<EventStream>();
        own.AddSingleton<DashboardLooks>();
        own.AddSingleton<DashboardBranch>();
        own.AddRoutingCore();
        if (key is not null)
            OidcSignIn.Add(own, options, key);

        var app = builder.Build();
        app.UseMiddleware<OperationsGate>();
        if (key is not null)
            app.UseAuthentication();
        if (options.Dashboard)
            app.Use((context, next) => app.Services.GetRequiredService<DashboardBranch>().InvokeAsync(context, next));
        app.UseRouting();
        PageRoutes.Map(app);
        if (key is not null)
            OidcSignIn.Map(app);
        return app;
    }

    /// <summary>Every route, the dashboard's included.</summary>
    public static IEnumerable<Endpoint> EndpointsOf(WebApplication app)
    {
        var own = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints);
        return app.Services.GetRequiredService<OperationsOptions>().Dashboard
            ? own.Concat(app.Services.GetRequiredService<DashboardBranch>().Endpoints)
            : own;
    }
}
