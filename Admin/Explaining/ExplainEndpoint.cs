using Firezone.Admin.Data;
using Firezone.Admin.Problems;
using Firezone.Admin.Routing;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Explaining;
using Firezone.Grains.Abstractions.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Firezone.Admin.Explaining;

/// <summary>The question that operators of every such system ask: why can this device not reach that resource?</summary>
internal static class ExplainEndpoint
{
    private const string GatewayName = "select name from gateways where account_id = @account and id = @id";

    public static void Map(AccountRoutes routes) => routes.Read.MapGet("/clients/{client_id:guid}/explain", Explain)
        .WithName("explainAccess").WithSummary("Explain why a client may or may not reach a resource");

    private static async Task<Ok<Explanation>> Explain(
        Guid client_id, [FromQuery(Name = "resource_id")] Guid resource_id, AccountDb db, IGrainFactory grains, CancellationToken ct)
    {
        var client = await db.GetAsync<ClientFacts>(ClientFacts.Sql, new { id = client_id }, ct);
        var resource = await db.FindAsync<ResourceFacts>(ResourceFacts.Sql, new { id = resource_id }, ct)
            ?? throw ProblemException.Invalid("resource_id", "does not exist");
        var everyone = client.ActorType is "account_user" or "account_admin_user";
        var policies = await db.QueryAsync<PolicyFacts>(
            PolicyFacts.Sql, new { resource = resource_id, actor = client.ActorId, everyone }, ct);

        var answer = await grains.GetGrain<IExplainGrain>(db.AccountId).Explain(Question(client, resource_id, policies)).WaitAsync(ct)
            ?? throw ProblemException.NotFound();
        var gateway = answer.Choice?.Gateway is { } chosen
            ? await db.FindAsync<string>(GatewayName, new { id = chosen.GatewayId }, ct)
            : null;
        return TypedResults.Ok(Compose(client, resource, policies, answer, gateway));
    }

    private static AccessQuestion Question(ClientFacts client, Guid resourceId, IReadOnlyList<PolicyFacts> policies) => new(
        client.ActorId,
        client.ActorType switch
        {
            "service_account" => ActorKind.ServiceAccount,
            "account_admin_user" => ActorKind.AccountAdminUser,
            _ => ActorKind.AccountUser,
        },
        client.LastSeenVersion ?? "",
        client.LastSeenRemoteIp ?? "0.0.0.0",
        new Location(client.LastSeenRegion, client.LastSeenCity, client.LastSeenLat, client.LastSeenLon),
        client.AuthProviderId,
        client.Verified,
        client.TokenExpiresAt,
        resourceId,
        [.. policies.Select(p => new PolicyQuestion(
            p.Id, [.. p.Conditions.Select(c => new ConditionQuestion(c.Property ?? "", c.Operator ?? "", c.Values ?? []))]))]);

    private static Explanation Compose(
        ClientFacts client, ResourceFacts resource, IReadOnlyList<PolicyFacts> policies, AccessExplanation answer, string? gatewayName)
    {
        var (reason, detail) = Verdict.Of(client, resource, policies, answer);
        return new Explanation
        {
            ClientId = client.Id,
            ResourceId = resource.Id,
            At = answer.At,
            Access = reason == Verdict.Granted ? "granted" : "denied",
            Reason = reason,
            Detail = detail,
            ExpiresAt = reason == Verdict.Granted ? answer.ExpiresAt : null,
            PolicyId = answer.GrantingPolicyId,
            ViolatedProperties = answer.ViolatedProperties,
            Subject = new ExplainedSubject
            {
                Source = client.Live ? "live_session" : "last_seen",
                ActorId = client.ActorId,
                ActorName = client.ActorName,
                ActorType = client.ActorType,
                Region = client.LastSeenRegion,
                RemoteIp = client.LastSeenRemoteIp ?? "",
                AuthProviderId = client.AuthProviderId,
                Verified = client.Verified,
                Version = client.LastSeenVersion ?? "",
                TokenExpiresAt = client.TokenExpiresAt,
            },
            Policies = [.. policies.Zip(answer.Policies, (facts, verdict) => Compose(facts, verdict, answer.GrantingPolicyId))],
            Gateway = answer.Choice is null
                ? null
                : new ExplainedGateway
                {
                    SiteId = resource.SiteId ?? Guid.Empty,
                    SiteName = resource.SiteName ?? "",
                    GatewayId = answer.Choice.Gateway?.GatewayId,
                    Name = gatewayName,
                    Version = answer.Choice.Gateway?.Version,
                    RemoteIp = answer.Choice.Gateway?.RemoteIp,
                    Failure = Verdict.Failure(answer.Choice.Failure),
                },
            AccountVersion = client.AccountVersion,
            SnapshotVersion = answer.SnapshotVersion,
        };
    }

    private static ExplainedPolicy Compose(PolicyFacts facts, PolicyVerdict verdict, Guid? granting) => new()
    {
        PolicyId = facts.Id,
        GroupId = facts.GroupId,
        GroupName = facts.GroupName,
        Member = facts.Member,
        MembershipId = facts.MembershipId,
        Disabled = facts.Disabled,
        InEffect = verdict.InEffect,
        Conforms = verdict.Conforms,
        ExpiresAt = verdict.ExpiresAt,
        Chosen = facts.Id == granting,
        Conditions = [.. facts.Conditions.Zip(
            verdict.Conditions,
            (condition, one) => new ExplainedCondition(
                condition.Property ?? "", condition.Operator ?? "", condition.Values ?? [], one.Passes, one.ExpiresAt))],
    };
}
