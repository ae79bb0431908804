using Firezone.Grains.Accounts;

namespace Firezone.Grains.Gateways;

/// <summary>What a grant rests on, beside its client and resource. Shared by equal grants of a pair.</summary>
/// <param name="PolicyId">The policy that grants.</param>
/// <param name="MembershipId">Through which membership; null for Everyone.</param>
/// <param name="TokenId">The client's token.</param>
/// <param name="DecidedAt">
/// The account version on which the grant was decided or read. Changes up to that version were considered then; later ones may take it away.
/// </param>
/// <param name="ToldRevision">Of the resource as the gateway was told it.</param>
public sealed record GrantBasis(Guid PolicyId, Guid? MembershipId, Guid TokenId, long DecidedAt, long ToldRevision)
{
    /// <summary>Whether the change takes away something that a grant of the pair rests on.</summary>
    public bool IsLostBy(AccountImpact impact, Guid clientId, Guid resourceId) =>
        Later(impact.PoliciesChanged, PolicyId)
        || Later(impact.PoliciesRemoved, PolicyId)
        || Later(impact.ResourcesChanged, resourceId)
        || Later(impact.ResourcesRemoved, resourceId)
        || (MembershipId is { } membership && Later(impact.MembershipsRemoved, membership))
        || Later(impact.ClientsUnverified, clientId)
        || Later(impact.ClientsRemoved, clientId)
        || Later(impact.ClientTokensRemoved, TokenId);

    private bool Later(IReadOnlyDictionary<Guid, long> changed, Guid id) =>
        changed.Count > 0 && changed.TryGetValue(id, out var version) && version > DecidedAt;
}
