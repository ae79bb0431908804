using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Gateways;

/// <summary>Routes of gateways.</summary>
internal static class GatewayEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/gateways", List).WithName("listGateways").WithSummary("List gateways");
        routes.Read.MapGet("/gateways/{gateway_id:guid}", Get).WithName("getGateway").WithSummary("Get a gateway");
        routes.Change.MapDelete("/gateways/{gateway_id:guid}", Delete)
            .Deletes("deleteGateway", "Delete a gateway; with a good token it comes back as a new one");
    }

    private static async Task<Ok<Page<Gateway>>> List([AsParameters] GatewayQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(Gateway.Select, query)
            .Containing("name", "x.name", query.Name)
            .Equal("site_id", "x.site_id", query.SiteId)
            .Whether(Gateway.IsOnline, query.Online);
        return TypedResults.Ok(await db.ListAsync<Gateway>(list, ct));
    }

    private static async Task<Ok<Gateway>> Get(Guid gateway_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Gateway>(Gateway.Select + ById, new { id = gateway_id }, ct));

    private static Task<IResult> Delete(Guid gateway_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Gateway>($"{Gateway.Select}{ById} for update of x", new { id = gateway_id });
            await change.ExecuteAsync($"delete from gateways x{ById}", new { id = gateway_id });
            await change.LogAsync("gateway.delete", gateway_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
