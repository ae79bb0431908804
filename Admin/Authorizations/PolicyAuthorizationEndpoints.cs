using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Firezone.Admin.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Authorizations;

/// <summary>Routes of granted flows.</summary>
internal static class PolicyAuthorizationEndpoints
{
    private const string ById = $" where {PolicyAuthorization.Live} and x.id = @id";

    public static void Map(AccountRoutes routes)
    {
        routes.Read.MapGet("/policy-authorizations", List)
            .WithName("listPolicyAuthorizations").WithSummary("List granted flows that have not expired, the newest first");
        routes.Read.MapGet("/policy-authorizations/{authorization_id:guid}", Get)
            .WithName("getPolicyAuthorization").WithSummary("Get a granted flow");
        routes.Change.MapDelete("/policy-authorizations/{authorization_id:guid}", Delete)
            .Deletes("deletePolicyAuthorization", "Take a grant back; the client may ask for it again");
    }

    private static async Task<Ok<Page<PolicyAuthorization>>> List(
        [AsParameters] PolicyAuthorizationQuery query, AccountDb db, CancellationToken ct)
    {
        var list = new ListStatement(PolicyAuthorization.Select, query, PolicyAuthorization.Live)
            .NewestFirst("x.created_at")
            .Equal("client_id", "x.client_id", query.ClientId)
            .Equal("gateway_id", "x.gateway_id", query.GatewayId)
            .Equal("resource_id", "x.resource_id", query.ResourceId)
            .Equal("policy_id", "x.policy_id", query.PolicyId)
            .Equal("membership_id", "x.membership_id", query.MembershipId)
            .Equal("token_id", "x.token_id", query.TokenId);
        return TypedResults.Ok(await db.ListAsync<PolicyAuthorization>(list, ct));
    }

    private static async Task<Ok<PolicyAuthorization>> Get(Guid authorization_id, AccountDb db, CancellationToken ct) =>
        TypedResults.Ok(await db.GetAsync<PolicyAuthorization>(PolicyAuthorization.Select + ById, new { id = authorization_id }, ct));

    private static Task<IResult> Delete(Guid authorization_id, Changes changes, CancellationToken ct) => changes.RunAsync(
        async change =>
        {
            var before = await change.GetAsync<PolicyAuthorization>(
                $"delete from policy_authorizations x{ById} returning {PolicyAuthorization.Columns}", new { id = authorization_id });
            await change.LogAsync("policy_authorization.delete", authorization_id, before, null);
            return Outcome.NoContent;
        },
        ct);
}
