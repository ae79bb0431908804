using Firezone.Silos.Operations.Hosting;
using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>Routes of our own pages.</summary>
internal static class PageRoutes
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        PageAssets.Map(routes);
        routes.MapGet("/", Overview);
        routes.MapGet("/events", (HttpContext context, EventStream stream) => stream.RunAsync(context));
    }

    private static async Task<IResult> Overview(OverviewFeed feed, OperationsOptions options, CancellationToken ct)
    {
        var parts = await feed.GetAsync(ct);
        return Results.Text(OverviewPage.Render(parts, options.Dashboard, options.Oidc.IsOn), "text/html; charset=utf-8");
    }
}
