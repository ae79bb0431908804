using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Admin.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Policies;

/// <summary>Routes of policies.</summary>
internal static class PolicyEndpoints
{
    private const string ById = " where x.account_id = @account and x.id = @id";

    private const string FindGroup = "select id from groups where account_id = @account and id = @id for key share";
    private const string FindResource = "select id from resources where account_id = @account and id = @id for key share";

    private const string Insert = $"""
        insert into policies as x (account_id, group_id, resource_id, description, conditions, disabled_at)
        values (@account, @GroupId, @ResourceId, @Description, @conditions, case when @Disabled then clock_timestamp() end)
        returning {Policy.Columns}
        """;

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/policies", List).WithName("listPolicies").WithSummary("List policies");
        routes.Change.MapPost("/policies", Create).Creates<Policy>("createPolicy", "Create a policy");
        routes.Read.MapGet("/policies/{policy_id:guid}", Get).WithName("getPolicy").WithSummary("Get a policy");
        routes.Change.MapPatch("/policies/{policy_id:guid}", Update).Returns<Policy>("updatePolicy", "Change a policy");
        routes.Change.MapDelete("/policies/{policy_id:guid}", Delete).Deletes("deletePolicy", "Delete a policy");
        routes.Change.MapPost("/policies/{policy_id:guid}/disable", Disable).Returns<Policy>("disablePolicy", "Take a policy out of effect");
        routes.Change.MapPost("/policies/{policy_id:guid}/enable", Enable).Returns<Policy>("enablePolicy", "Put a policy into effect");
    }

    private static async Task<Ok<Page<Policy>>> List([AsParameters] PolicyQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(Policy.Select, query)
            .Equal("group_id", "x.group_id", query.GroupId)
            .Equal("resource_id", "x.resource_id", query.ResourceId)
            .Whether("x.disabled_at is not null", query.Disabled);
        return TypedResults.Ok(await db.ListAsync<Policy>(list, ct));
    }

    private static async Task<Ok<Policy>> Get(Guid policy_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<Policy>(Policy.Select + ById, new { id = policy_id }, ct));

    private static Task<IResult> Create(CreatePolicy body, Changes changes, CancellationToken ct)
    {
        var conditions = body.Conditions ?? [];
        Demand(conditions);
        return changes.RunAsync(
            async change =>
            {
                await DemandReferencesAsync(change, body.GroupId!.Value, body.ResourceId!.Value);
                var policy = await change.GetAsync<Policy>(
                    Insert, new { body.GroupId, body.ResourceId, body.Description, conditions, body.Disabled });
                await change.LogAsync("policy.create", policy.Id, null, policy);
                return Outcome.Created($"/v1/policies/{policy.Id}", policy);
            },
            ct);
    }

    private static Task<IResult> Update(Guid policy_id, UpdatePolicy body, Changes changes, CancellationToken ct)
    {
        if (body.Conditions is not null)
            Demand(body.Conditions);
        if (body.Has(nameof(body.GroupId)) && body.GroupId is null)
            throw ProblemException.Invalid("group_id", "must not be null");
        if (body.Has(nameof(body.ResourceId)) && body.ResourceId is null)
            throw ProblemException.Invalid("resource_id", "must not be null");
        return ChangeAsync(
            changes,
            policy_id,
            "policy.update",
            "group_id = @GroupId, resource_id = @ResourceId, description = @Description, conditions = @Conditions",
            before => before with
            {
                GroupId = body.GroupId ?? before.GroupId,
                ResourceId = body.ResourceId ?? before.ResourceId,
                Description = body.Or(body.Description, before.Description),
                Conditions = body.OrKeep(body.Conditions, before.Conditions),
            },
            ct);
    }

    private static Task<IResult> Disable(Guid policy_id, Changes changes, CancellationToken ct) => ChangeAsync(
        changes, policy_id, "policy.disable", "disabled_at = coalesce(x.disabled_at, clock_timestamp())", before => before, ct);

    private static Task<IResult> Enable(Guid policy_id, Changes changes, CancellationToken ct) =>
        ChangeAsync(changes, policy_id, "policy.enable", "disabled_at = null", before => before, ct);

    private static Task<IResult> ChangeAsync(
        Changes changes, Guid id, string action, string assignments, Func<Policy, Policy> wanted, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Policy>($"{Policy.Select}{ById} for update", new { id });
            var changed = wanted(before);
            await DemandReferencesAsync(change, changed.GroupId, changed.ResourceId);
            var after = await change.GetAsync<Policy>($"update policies x set {assignments}{ById} returning {Policy.Columns}", changed);
            await change.LogAsync(action, id, before, after);
            return Outcome.Ok(after);
        },
        ct);

    private static Task<IResult> Delete(Guid policy_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<Policy>($"delete from policies x{ById} returning {Policy.Columns}", new { id = policy_id });
            await change.LogAsync("policy.delete", policy_id, before, null);
            return Outcome.NoContent;
        },
        ct);

    // Before the unique key looks at the pair: whether a pair of another account has a policy is not for this caller to know.
    private static async Task DemandReferencesAsync(AccountChange change, Guid groupId, Guid resourceId)
    {
        var findings = new Findings();
        if (await change.FindAsync<Guid?>(FindGroup, new { id = groupId }) is null)
            findings.Add("group_id", "does not exist");
        if (await change.FindAsync<Guid?>(FindResource, new { id = resourceId }) is null)
            findings.Add("resource_id", "does not exist");
        findings.Demand();
    }

    private static void Demand(PolicyCondition[] conditions)
    {
        var findings = new Findings();
        ConditionRules.Check(conditions, findings);
        findings.Demand();
    }
}
