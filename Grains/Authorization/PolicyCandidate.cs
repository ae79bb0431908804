using Firezone.Grains.Policies;

namespace Firezone.Grains.Authorization;

/// <summary>An enabled policy that gives an actor a resource, if its conditions pass.</summary>
/// <param name="PolicyId">The policy.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="MembershipId">The actor's membership in the group, null for Everyone.</param>
/// <param name="Conditions">Its conditions.</param>
/// <param name="Revision">Rises when a change invalidates what was granted before.</param>
public readonly record struct PolicyCandidate(
    Guid PolicyId, Guid GroupId, Guid? MembershipId, CompiledConditions Conditions, long Revision);
