using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Firezone.Admin.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Groups;

/// <summary>Routes of memberships. A change of any size is two statements.</summary>
internal static class MemberEndpoints
{
    /// <summary>How many actors one request may name.</summary>
    public const int MaxActors = 10_000;

    private const string FindGroup = "select id from groups where account_id = @account and id = @group";

    private const string FindActors = "select id from actors where account_id = @account and id = any(@ids)";

    // In the order of ids, so that two changes of the same group do not deadlock.
    private const string Add = """
        insert into memberships (account_id, group_id, actor_id)
        select a.account_id, @group, a.id from actors a where a.account_id = @account and a.id = any(@ids) order by a.id
        on conflict (group_id, actor_id) do nothing
        returning actor_id
        """;

    private const string Remove = """
        delete from memberships where account_id = @account and group_id = @group and actor_id = any(@ids) returning actor_id
        """;

    private const string RemoveOthers = """
        delete from memberships where account_id = @account and group_id = @group and not (actor_id = any(@ids)) returning actor_id
        """;

    private const string Count = "select count(*)::int from memberships where account_id = @account and group_id = @group";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/groups/{group_id:guid}/members", List).WithName("listGroupMembers").WithSummary("List a group's members");
        routes.Change.MapPut("/groups/{group_id:guid}/members", Replace)
            .Returns<MembersChange>("replaceGroupMembers", "Make a group have exactly these members");
        routes.Change.MapPatch("/groups/{group_id:guid}/members", Update)
            .Returns<MembersChange>("updateGroupMembers", "Add members to a group and remove others");
    }

    private static async Task<Ok<Page<Member>>> List(Guid group_id, [AsParameters] MemberQuery query, AccountDb db, CancellationToken ct)
    {
        await db.GetAsync<object>(FindGroup, new { group = group_id }, ct);
        var list = new ListStatement(Member.Select, query, "x.account_id = @account and x.group_id = @group")
            .Always("group", group_id)
            .In("actor_id", "x.actor_id", query.ActorId);
        return TypedResults.Ok(await db.ListAsync<Member>(list, ct));
    }

    private static Task<IResult> Replace(Guid group_id, ReplaceMembers body, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, group_id, RemoveOthers, body.ActorIds, body.ActorIds, "actor_ids", ct);

    private static Task<IResult> Update(Guid group_id, UpdateMembers body, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, group_id, Remove, body.Remove ?? [], body.Add ?? [], "add", ct);

    private static Task<IResult> ChangeAsync(
        Changes changes, Guid group, string remove, Guid[] removeIds, Guid[] addIds, string member, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            await GroupEndpoints.LockAsync(change, group);
            Demand(addIds, await change.QueryAsync<Guid>(FindActors, new { ids = addIds }), member);
            var removed = await change.QueryAsync<Guid>(remove, new { group, ids = removeIds });
            var added = await change.QueryAsync<Guid>(Add, new { group, ids = addIds });
            await change.LogAsync("group.members", group, new { removed }, new { added });
            return Outcome.Ok(new MembersChange(added.Count, removed.Count, await change.FindAsync<int>(Count, new { group })));
        },
        ct);

    private static void Demand(Guid[] wanted, IReadOnlyList<Guid> known, string member)
    {
        var set = known.ToHashSet();
        var findings = new Findings();
        for (var i = 0; i < wanted.Length; i++)
        {
            if (!set.Contains(wanted[i]))
                findings.Add($"{member}[{i}]", "does not exist");
        }

        findings.Demand();
    }
}
