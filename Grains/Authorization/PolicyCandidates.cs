using Firezone.Grains.Accounts;

namespace Firezone.Grains.Authorization;

/// <summary>Finds the policies that may give an actor a resource.</summary>
public static class PolicyCandidates
{
    /// <summary>All policies of the actor for the resource, each with the membership through which it holds the policy's group.</summary>
    /// <param name="account">The snapshot to decide on.</param>
    /// <param name="actorId">The actor.</param>
    /// <param name="includeEveryone">False for service accounts: they need explicit memberships.</param>
    /// <param name="resourceId">The resource.</param>
    public static PolicyCandidate[] Of(AccountSnapshot account, Guid actorId, bool includeEveryone, Guid resourceId)
    {
        ArgumentNullException.ThrowIfNull(account);
        var candidates = new List<PolicyCandidate>();
        foreach (var policy in account.PoliciesFor(resourceId))
        {
            if (account.TryGetMembership(actorId, policy.GroupId, includeEveryone, out var membershipId))
                candidates.Add(new PolicyCandidate(policy.Id, policy.GroupId, membershipId, policy.Conditions, policy.Revision));
        }

        return [.. candidates];
    }
}
