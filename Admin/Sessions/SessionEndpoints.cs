using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Sessions;

/// <summary>Routes of sessions.</summary>
internal static class SessionEndpoints
{
    public static void Map(AccountRoutes routes) =>
        routes.Read.MapGet("/sessions", List).WithName("listSessions").WithSummary("List who is connected, the newest first");

    private static async Task<Ok<Page<DeviceSession>>> List([AsParameters] SessionQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(DeviceSession.Select, query)
            .NewestFirst("x.opened_at")
            .Whether("x.ended_at is not null", query.Ended ?? false)
            .Equal("kind", "x.kind", query.Kind)
            .In("device_id", "x.device_id", query.DeviceId)
            .Equal("token_id", "x.token_id", query.TokenId)
            .Equal("region", "x.region", query.Region);
        return TypedResults.Ok(await db.ListAsync<DeviceSession>(list, ct));
    }
}
