using Firezone.Grains.Abstractions.Sites;

namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>How access was judged.</summary>
/// <param name="At">When.</param>
/// <param name="SnapshotVersion">The version of the account that the silo has.</param>
/// <param name="Policies">Those of the question, in its order.</param>
/// <param name="IsExpressible">The client's version can be told of the resource; false also when no policy is in effect.</param>
/// <param name="GrantingPolicyId">The policy that grants; null: none does.</param>
/// <param name="ExpiresAt">Until when it grants; null: without limit, or it does not.</param>
/// <param name="ViolatedProperties">Why no policy in effect grants.</param>
/// <param name="Choice">The gateway; null when no policy grants.</param>
[GenerateSerializer, Immutable, Alias("fz.AccessExplanation")]
public sealed record AccessExplanation(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] long SnapshotVersion,
    [property: Id(2)] PolicyVerdict[] Policies,
    [property: Id(3)] bool IsExpressible,
    [property: Id(4)] Guid? GrantingPolicyId,
    [property: Id(5)] DateTimeOffset? ExpiresAt,
    [property: Id(6)] string[] ViolatedProperties,
    [property: Id(7)] GatewayChoice? Choice);
