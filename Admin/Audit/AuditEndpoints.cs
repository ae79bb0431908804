using Firezone.Admin.Authentication;
using Firezone.Admin.Data;
using Firezone.Admin.Listing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Firezone.Admin.Audit;

/// <summary>The route of the audit log.</summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder any) =>
        any.MapGet("/audit-log", List).WithName("listAuditLog").WithSummary("List what was changed, the newest first");

    // One route for both sides: an operator sees everything, everybody else the own account whatever the query says.
    private static async Task<Ok<Page<AuditEntry>>> List(
        [AsParameters] AuditQuery query, Caller caller, IServiceProvider services, CancellationToken ct) =>
        TypedResults.Ok(caller.AccountId is null
            ? await services.GetRequiredService<ClusterDb>().ListAsync<AuditEntry>(
                Filtered(query, "true").Equal("account_id", "x.account_id", query.AccountId), ct)
            : await services.GetRequiredService<AccountDb>().ListAsync<AuditEntry>(Filtered(query, "x.account_id = @account"), ct));

    private static ListStatement Filtered(AuditQuery query, string condition) => new ListStatement(AuditEntry.Select, query, condition)
        .NewestFirst("x.at")
        .Equal("action", "x.action", query.Action)
        .Equal("target_type", "x.target_type", query.TargetType)
        .Equal("target_id", "x.target_id", query.TargetId)
        .Equal("actor_id", "x.actor_id", query.ActorId)
        .Equal("token_id", "x.token_id", query.TokenId)
        .With("since", "x.at >= @since", query.Since?.ToUniversalTime())
        .With("until", "x.at < @until", query.Until?.ToUniversalTime());
}
