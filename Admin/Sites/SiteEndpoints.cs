using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Sites;

/// <summary>Routes of sites.</summary>
internal static class SiteEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/sites", List).WithName("listSites").WithSummary("List sites");
        routes.Change.MapPost("/sites", Create).Creates<Site>("createSite", "Create a site");
        routes.Read.MapGet("/sites/{site_id:guid}", Get).WithName("getSite").WithSummary("Get a site");
        routes.Change.MapPatch("/sites/{site_id:guid}", Update).Returns<Site>("updateSite", "Rename a site");
        routes.Change.MapDelete("/sites/{site_id:guid}", Delete)
            .Deletes("deleteSite", "Delete a site with its resources, gateways and gateway tokens");
    }

    private static async Task<Ok<Page<Site>>> List([AsParameters] SiteQuery query, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.ListAsync<Site>(new ListStatement(Site.Select, query).Containing("name", "x.name", query.Name), ct));

    private static async Task<Ok<Site>> Get(Guid site_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Site>(Site.Select + ById, new { id = site_id }, ct));

    private static Task<IResult> Create(CreateSite body, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var site = await change.GetAsync<Site>(
                $"insert into sites as x (account_id, name) values (@account, @Name) returning {Site.Columns}", new { body.Name });
            await change.LogAsync("site.create", site.Id, null, site);
            return Outcome.Created($"/v1/sites/{site.Id}", site);
        },
        ct);

    private static Task<IResult> Update(Guid site_id, UpdateSite body, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await LockAsync(change, site_id);
            var after = await change.GetAsync<Site>(
                $"update sites x set name = @name{ById} returning {Site.Columns}",
                new { id = site_id, name = body.OrKeep(body.Name, before.Name) });
            await change.LogAsync("site.update", site_id, before, after);
            return Outcome.Ok(after);
        },
        ct);

    private static Task<IResult> Delete(Guid site_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await LockAsync(change, site_id);
            await change.ExecuteAsync($"delete from sites x{ById}", new { id = site_id });
            await change.LogAsync("site.delete", site_id, before, null);
            return Outcome.NoContent;
        },
        ct);

    private static async Task<Site> LockAsync(AccountChange change, Guid id)
    {
        var site = await change.GetAsync<Site>($"{Site.Select}{ById} for update", new { id });
        return site.ManagedBy == "account" ? site : throw ProblemException.Conflict("the site is managed by the system");
    }
}
