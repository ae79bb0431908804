using Firezone.Admin.Data;
using Firezone.Admin.Groups;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Actors;

/// <summary>Routes of actors.</summary>
internal static class ActorEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/actors", List).WithName("listActors").WithSummary("List actors");
        routes.Change.MapPost("/actors", Create).Creates<Actor>("createActor", "Create an actor");
        routes.Read.MapGet("/actors/{actor_id:guid}", Get).WithName("getActor").WithSummary("Get an actor");
        routes.Change.MapPatch("/actors/{actor_id:guid}", Update).Returns<Actor>("updateActor", "Change an actor");
        routes.Change.MapDelete("/actors/{actor_id:guid}", Delete)
            .Deletes("deleteActor", "Delete an actor with its tokens, devices and memberships");
        routes.Change.MapPost("/actors/{actor_id:guid}/disable", Disable)
            .Returns<Actor>("disableActor", "Disable an actor; its client tokens are deleted");
        routes.Change.MapPost("/actors/{actor_id:guid}/enable", Enable).Returns<Actor>("enableActor", "Enable an actor");
        routes.Read.MapGet("/actors/{actor_id:guid}/groups", ListGroups)
            .WithName("listActorGroups").WithSummary("List the groups that an actor is an explicit member of");
    }

    private static async Task<Ok<Page<Actor>>> List([AsParameters] ActorQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(Actor.Select, query)
            .Containing("name", "x.name", query.Name)
            .Equal("type", "x.type", query.Type)
            .EqualIgnoringCase("email", "x.email", query.Email)
            .Whether("x.disabled_at is not null", query.Disabled)
            .With(
                "group_id",
                "exists (select from memberships m where m.account_id = x.account_id and m.group_id = @group_id and m.actor_id = x.id)",
                query.GroupId);
        return TypedResults.Ok(await db.ListAsync<Actor>(list, ct));
    }

    private static async Task<Ok<Actor>> Get(Guid actor_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Actor>(Actor.Select + ById, new { id = actor_id }, ct));

    private static async Task<Ok<Page<Group>>> ListGroups(Guid actor_id, [AsParameters] PlainQuery query, AccountDb db, CancellationToken ct)
    {
        await db.GetAsync<Actor>(Actor.Select + ById, new { id = actor_id }, ct);
        var list = new ListStatement(Group.Select, query).With(
            "actor",
            "exists (select from memberships m where m.account_id = x.account_id and m.group_id = x.id and m.actor_id = @actor)",
            (Guid?)actor_id);
        return TypedResults.Ok(await db.ListAsync<Group>(list, ct));
    }

    private static Task<IResult> Create(CreateActor body, Changes changes, CancellationToken ct)
    {
        DemandFittingEmail(body.Type, body.Email);
        return changes.RunAsync(
            async change =>
            {
                var actor = await change.GetAsync<Actor>(
                    $"insert into actors as x (account_id, type, name, email) values (@account, @Type, @Name, @Email) returning {Actor.Columns}",
                    body);
                await change.LogAsync("actor.create", actor.Id, null, actor);
                return Outcome.Created($"/v1/actors/{actor.Id}", actor);
            },
            ct);
    }

    private static Task<IResult> Update(Guid actor_id, UpdateActor body, Changes changes, CancellationToken ct) => ChangeAsync(
        changes,
        actor_id,
        "actor.update",
        "type = @Type, name = @Name, email = @Email",
        before =>
        {
            var after = before with
            {
                Type = body.OrKeep(body.Type, before.Type),
                Name = body.OrKeep(body.Name, before.Name),
                Email = body.Or(body.Email, before.Email),
            };
            if (after.Type != before.Type && !IsPerson(before.Type))
                throw ProblemException.Invalid("type", $"a {before.Type} cannot become a user");
            DemandFittingEmail(after.Type, after.Email);
            return after;
        },
        ct);

    private static Task<IResult> Disable(Guid actor_id, Changes changes, CancellationToken ct) => ChangeAsync(
        changes, actor_id, "actor.disable", "disabled_at = coalesce(x.disabled_at, clock_timestamp())", before => before, ct);

    private static Task<IResult> Enable(Guid actor_id, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, actor_id, "actor.enable", "disabled_at = null", before => before, ct);

    private static Task<IResult> ChangeAsync(
        Changes changes, Guid id, string action, string assignments, Func<Actor, Actor> wanted, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Actor>($"{Actor.Select}{ById} for no key update", new { id });
            var after = await change.GetAsync<Actor>($"update actors x set {assignments}{ById} returning {Actor.Columns}", wanted(before));
            await change.LogAsync(action, id, before, after);
            return Outcome.Ok(after);
        },
        ct);

    private static Task<IResult> Delete(Guid actor_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Actor>($"delete from actors x{ById} returning {Actor.Columns}", new { id = actor_id });
            await change.LogAsync("actor.delete", actor_id, before, null);
            return Outcome.NoContent;
        },
        ct);

    private static bool IsPerson(string type) => type is "account_user" or "account_admin_user";

    private static void DemandFittingEmail(string type, string? email)
    {
        if (email is not null && !IsPerson(type))
            throw ProblemException.Invalid("email", $"must be null for a {type}");
    }
}
