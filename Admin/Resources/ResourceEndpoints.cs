using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Firezone.Admin.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Resources;

/// <summary>Routes of resources.</summary>
internal static class ResourceEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    private const string Insert = $"""
        insert into resources as x (account_id, site_id, type, name, address, address_description, ip_stack, filters)
        values (@account, @SiteId, @Type, @Name, @Address, @AddressDescription, @IpStack, @Filters) returning {Resource.Columns}
        """;

    private const string Replace = $"""
        update resources x
        set site_id = @SiteId, type = @Type, name = @Name, address = @Address, address_description = @AddressDescription,
            ip_stack = @IpStack, filters = @Filters{ById}
        returning {Resource.Columns}
        """;

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/resources", List).WithName("listResources").WithSummary("List resources");
        routes.Change.MapPost("/resources", Create).Creates<Resource>("createResource", "Create a resource");
        routes.Read.MapGet("/resources/{resource_id:guid}", Get).WithName("getResource").WithSummary("Get a resource");
        routes.Change.MapPatch("/resources/{resource_id:guid}", Update).Returns<Resource>("updateResource", "Change a resource");
        routes.Change.MapDelete("/resources/{resource_id:guid}", Delete).Deletes("deleteResource", "Delete a resource with its policies");
    }

    private static async Task<Ok<Page<Resource>>> List([AsParameters] ResourceQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(Resource.Select, query)
            .Containing("name", "x.name", query.Name)
            .Equal("type", "x.type", query.Type)
            .Equal("site_id", "x.site_id", query.SiteId)
            .Equal("address", "x.address", query.Address);
        return TypedResults.Ok(await db.ListAsync<Resource>(list, ct));
    }

    private static async Task<Ok<Resource>> Get(Guid resource_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Resource>(Resource.Select + ById, new { id = resource_id }, ct));

    private static Task<IResult> Create(CreateResource body, Changes changes, CancellationToken ct)
    {
        var wanted = Checked(new Resource
        {
            Type = body.Type,
            Name = body.Name,
            Address = body.Address,
            AddressDescription = body.AddressDescription,
            IpStack = body.IpStack,
            Filters = body.Filters ?? [],
            SiteId = body.SiteId,
        });
        return changes.RunAsync(
            async change =>
            {
                var resource = await change.GetAsync<Resource>(Insert, wanted);
                await change.LogAsync("resource.create", resource.Id, null, resource);
                return Outcome.Created($"/v1/resources/{resource.Id}", resource);
            },
            ct);
    }

    private static Task<IResult> Update(Guid resource_id, UpdateResource body, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Resource>($"{Resource.Select}{ById} for update", new { id = resource_id });
            var type = body.OrKeep(body.Type, before.Type);
            var wanted = before with
            {
                Type = type,
                Name = body.OrKeep(body.Name, before.Name),
                Address = body.Or(body.Address, before.Address),
                AddressDescription = body.Or(body.AddressDescription, before.AddressDescription),
                // What was fitting for the old type is nothing that the caller asked for.
                IpStack = body.Or(body.IpStack, type == before.Type ? before.IpStack : null),
                Filters = body.OrKeep(body.Filters, before.Filters),
                SiteId = body.Or(body.SiteId, before.SiteId),
            };
            var after = await change.GetAsync<Resource>(Replace, Checked(wanted));
            await change.LogAsync("resource.update", resource_id, before, after);
            return Outcome.Ok(after);
        },
        ct);

    private static Task<IResult> Delete(Guid resource_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Resource>(
                $"delete from resources x{ById} returning {Resource.Columns}", new { id = resource_id });
            await change.LogAsync("resource.delete", resource_id, before, null);
            return Outcome.NoContent;
        },
        ct);

    private static Resource Checked(Resource resource)
    {
        var findings = new Findings();
        findings.AddIf("address", AddressRules.Check(resource.Type, resource.Address, out var address));
        if (resource.Type != "dns" && resource.IpStack is not null)
            findings.Add("ip_stack", "must be null but for dns");
        var filters = FilterRules.Check(resource.Filters, findings);
        findings.Demand();
        return resource with
        {
            Address = address,
            IpStack = resource.Type == "dns" ? resource.IpStack ?? "dual" : null,
            Filters = filters,
        };
    }
}
