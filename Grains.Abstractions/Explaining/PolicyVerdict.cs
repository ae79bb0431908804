namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>What a policy says of a client.</summary>
/// <param name="PolicyId">The policy.</param>
/// <param name="InEffect">The silo counts it among the actor's policies.</param>
/// <param name="MembershipId">Through which membership; null for Everyone and when it is not in effect.</param>
/// <param name="Conforms">All of its conditions hold now.</param>
/// <param name="ExpiresAt">Until when they do; null: no limit.</param>
/// <param name="Conditions">One by one, in their order.</param>
[GenerateSerializer, Immutable, Alias("fz.PolicyVerdict")]
public sealed record PolicyVerdict(
    [property: Id(0)] Guid PolicyId,
    [property: Id(1)] bool InEffect,
    [property: Id(2)] Guid? MembershipId,
    [property: Id(3)] bool Conforms,
    [property: Id(4)] DateTimeOffset? ExpiresAt,
    [property: Id(5)] ConditionVerdict[] Conditions);
