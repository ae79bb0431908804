using Firezone.Silos.Operations.Collecting;
using Firezone.Silos.Operations.Hosting;
using Orleans.Dashboard;

namespace Firezone.Silos.Operations;

/// <summary>
/// The Orleans dashboard as a branch of the listener. Its services are the silo's. It is made when somebody asks for it first: it reads and
/// compresses megabytes of files then, which a silo whose dashboard nobody looks at need not have.
/// </summary>
internal sealed class DashboardBranch(OperationsServices services, DashboardLooks looks, IServiceProvider own)
{
    internal const string Prefix = "/dashboard";

    private readonly Lazy<(RequestDelegate Run, IReadOnlyList<Endpoint> Endpoints)> _branch = new(() => Make(services.Silo, own));

    internal IReadOnlyList<Endpoint> Endpoints => _branch.Value.Endpoints;

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(Prefix, out var rest))
        {
            await next(context);
            return;
        }

        // It would call any grain that it is told to, and so activate it, and show what the grain answers.
        if (rest.StartsWithSegments("/GrainState", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("The state of grains is not shown.", context.RequestAborted);
            return;
        }

        await looks.NoteAsync();
        await _branch.Value.Run(context);
    }

    private static (RequestDelegate Run, IReadOnlyList<Endpoint> Endpoints) Make(IServiceProvider silo, IServiceProvider own)
    {
        var endpoints = new List<Endpoint>();
        var branch = new ApplicationBuilder(own);
        branch.UseRouting();
        branch.Use(async (context, next) =>
        {
            var before = context.RequestServices;
            await using var scope = silo.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            try
            {
                await next(context);
            }
            finally
            {
                context.RequestServices = before;
            }
        });
        branch.UseEndpoints(routes =>
        {
            new SiloRoutes(routes, silo).MapOrleansDashboard(Prefix);
            endpoints.AddRange(routes.DataSources.SelectMany(source => source.Endpoints));
        });
        return (branch.Build(), endpoints);
    }

    /// <summary>Routes of this listener whose handlers take their services from the silo.</summary>
    private sealed class SiloRoutes(IEndpointRouteBuilder inner, IServiceProvider silo) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => silo;

        public ICollection<EndpointDataSource> DataSources => inner.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => inner.CreateApplicationBuilder();
    }
}
