namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>A policy to be judged, in effect or not.</summary>
/// <param name="PolicyId">The policy.</param>
/// <param name="Conditions">As stored.</param>
[GenerateSerializer, Immutable, Alias("fz.PolicyQuestion")]
public sealed record PolicyQuestion([property: Id(0)] Guid PolicyId, [property: Id(1)] ConditionQuestion[] Conditions);
