using System.Net;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Authorizations;

namespace Firezone.Grains.Gateways;

/// <summary>Another ground for access whose first one is gone. Pure: no clock, no I/O.</summary>
/// <param name="Policy">The policy that grants now.</param>
/// <param name="ExpiresAt">Never later than what was granted before.</param>
/// <param name="Basis">On which state of the configuration.</param>
public sealed record Renewal(PolicyCandidate Policy, DateTimeOffset ExpiresAt, FlowBasis Basis)
{
    /// <summary>Null if no policy grants the resource to the client, or the resource is not served by the site any more.</summary>
    public static Renewal? Decide(
        AccountSnapshot account, RenewalSubject client, Guid resourceId, Guid siteId, DateTimeOffset formerExpiry, DateTimeOffset now)
    {
        if (account.FindResource(resourceId) is not { } resource || resource.SiteId != siteId)
            return null;
        var isUser = client.ActorType is "account_user" or "account_admin_user";
        var candidates = PolicyCandidates.Of(account, client.ActorId, isUser, resourceId);
        // An address that is not known is inside no range.
        var remoteIp = IPAddress.TryParse(client.RemoteIp, out var parsed) ? parsed : IPAddress.None;
        var subject = new EvaluationSubject(client.Region, remoteIp, client.AuthProviderId, client.Verified);
        var decision = PolicyChoice.Choose(candidates, subject, now, client.TokenExpiresAt);
        if (decision.Policy is not { } chosen)
            return null;
        var basis = new FlowBasis(account.Version, chosen.Revision, resource.Revision);
        return new Renewal(chosen, decision.ExpiresAt < formerExpiry ? decision.ExpiresAt : formerExpiry, basis);
    }

    /// <summary>The authorization to hold in place of the lost one.</summary>
    public Grant ToGrant(Guid id, Grant lost) => new(
        id,
        lost.ClientId,
        lost.ResourceId,
        ExpiresAt,
        new GrantBasis(Policy.PolicyId, Policy.MembershipId, lost.Basis.TokenId, Basis.DecidedAt, lost.Basis.ToldRevision));

    /// <summary>Its row.</summary>
    public AuthorizationRow ToRow(Grant grant, GatewayTicket gateway, RenewalSubject client) => new(
        grant.Id,
        gateway.AccountId,
        grant.ClientId,
        gateway.GatewayId,
        grant.ResourceId,
        Policy.PolicyId,
        Policy.MembershipId,
        client.TokenId,
        client.RemoteIp,
        client.UserAgent,
        gateway.RemoteIp,
        grant.ExpiresAt,
        Basis.PolicyRevision,
        Basis.ResourceRevision,
        client.Verified,
        grant.Basis.ToldRevision);
}
