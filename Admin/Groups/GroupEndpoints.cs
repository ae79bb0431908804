using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Groups;

/// <summary>Routes of groups.</summary>
internal static class GroupEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/groups", List).WithName("listGroups").WithSummary("List groups");
        routes.Change.MapPost("/groups", Create).Creates<Group>("createGroup", "Create a group");
        routes.Read.MapGet("/groups/{group_id:guid}", Get).WithName("getGroup").WithSummary("Get a group");
        routes.Change.MapPatch("/groups/{group_id:guid}", Update).Returns<Group>("updateGroup", "Rename a group");
        routes.Change.MapDelete("/groups/{group_id:guid}", Delete)
            .Deletes("deleteGroup", "Delete a group with its memberships and policies");
    }

    /// <summary>The group, locked; 409 if it is not the account's to change.</summary>
    public static async Task<Group> LockAsync(AccountChange change, Guid id)
    {
        var group = await change.GetAsync<Group>($"{Group.Select}{ById} for update", new { id });
        return group.ManagedBy == "account" ? group : throw ProblemException.Conflict($"the group is managed by the {group.ManagedBy}");
    }

    private static async Task<Ok<Page<Group>>> List([AsParameters] GroupQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(Group.Select, query)
            .Containing("name", "x.name", query.Name)
            .Equal("managed_by", "x.managed_by", query.ManagedBy);
        return TypedResults.Ok(await db.ListAsync<Group>(list, ct));
    }

    private static async Task<Ok<Group>> Get(Guid group_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Group>(Group.Select + ById, new { id = group_id }, ct));

    private static Task<IResult> Create(CreateGroup body, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var group = await change.GetAsync<Group>(
                $"insert into groups as x (account_id, name) values (@account, @Name) returning {Group.Columns}", body);
            await change.LogAsync("group.create", group.Id, null, group);
            return Outcome.Created($"/v1/groups/{group.Id}", group);
        },
        ct);

    private static Task<IResult> Update(Guid group_id, UpdateGroup body, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await LockAsync(change, group_id);
            var after = await change.GetAsync<Group>(
                $"update groups x set name = @name{ById} returning {Group.Columns}",
                new { id = group_id, name = body.OrKeep(body.Name, before.Name) });
            await change.LogAsync("group.update", group_id, before, after);
            return Outcome.Ok(after);
        },
        ct);

    private static Task<IResult> Delete(Guid group_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await LockAsync(change, group_id);
            await change.ExecuteAsync($"delete from groups x{ById}", new { id = group_id });
            await change.LogAsync("group.delete", group_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
