using Firezone.Admin.Authentication;
using Firezone.Admin.Data;
using Firezone.Admin.Events;
using Firezone.Admin.Idempotency;
using Firezone.Admin.OpenApi;
using Firezone.Admin.Operations;
using Firezone.Admin.Problems;
using Firezone.Admin.RateLimiting;
using Firezone.Admin.Routing;
using Firezone.Admin.Status;
using Firezone.Storage.Postgres;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.Hosting;

/// <summary>
/// Composition of the admin API: a web application of its own inside the process, so that none of its routes can appear on the devices'
/// listener, nor theirs on this one.
/// </summary>
internal static class AdminApp
{
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>How it is listened for.</summary>
    public static KestrelServerOptions Listener()
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        return kestrel;
    }

    public static WebApplication Build(
        IServer server,
        AdminOptions options,
        Database database,
        ReplicaList replicas,
        IGrainFactory grains,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        Mapping.Register();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(AdminApp).Assembly.GetName().Name });
        var services = builder.Services;
        services.AddSingleton(server);
        services.Replace(ServiceDescriptor.Singleton(loggers));
        // Signals are the outer process's business.
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(database);
        services.AddSingleton(replicas);
        services.AddSingleton(grains);
        services.AddSingleton(time);
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<Nodes>();
        services.AddSingleton<RequestBuckets>();
        services.AddSingleton<ProblemMiddleware>();
        services.AddHttpContextAccessor();
        services.AddScoped(Caller);
        services.AddScoped<AccountDb>();
        services.AddScoped<ClusterDb>();
        services.AddScoped<Changes>();
        services.AddSingleton<EventReader>();
        services.AddSingleton<EventFeed>();
        services.AddHostedService(s => s.GetRequiredService<EventFeed>());
        services.AddRoutingCore();
        services.Configure<RouteOptions>(o => o.SetParameterPolicy<GuidRouteConstraint>("guid"));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o => AdminJson.Configure(o.SerializerOptions));
        services.AddProblemDetails(o => o.CustomizeProblemDetails = ValidationProblems.Customize);
        services.AddValidation();
        // Not AddAuthentication: it brings data protection, which makes keys for cookies that nobody has and keeps them on a disk.
        services.AddAuthenticationCore(o => o.DefaultScheme = TokenAuthentication.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.CanRead, p => p.RequireRole(Roles.Reader, Roles.Admin))
            .AddPolicy(Roles.CanChange, p => p.RequireRole(Roles.Admin))
            .AddPolicy(Roles.CanEndSessions, p => p.RequireRole(Roles.Admin, Roles.Operator))
            .AddPolicy(Roles.CanOperate, p => p.RequireRole(Roles.Operator))
            .AddPolicy(Roles.Any, p => p.RequireRole(Roles.Reader, Roles.Admin, Roles.Operator))
            .AddFallbackPolicy(Roles.Any, p => p.RequireRole(Roles.Reader, Roles.Admin, Roles.Operator));
        services.AddAdminDocument();

        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseAuthentication();
        app.Use(RateLimitMiddleware.InvokeAsync);
        app.UseAuthorization();
        app.Use(IdempotencyMiddleware.InvokeAsync);
        AdminRoutes.Map(app);
        return app;
    }

    private static Caller Caller(IServiceProvider services) =>
        services.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<Caller>()
            ?? throw new InvalidOperationException("The request was not authenticated.");
}
