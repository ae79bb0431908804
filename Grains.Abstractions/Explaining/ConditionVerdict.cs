namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>What a condition says of a client.</summary>
/// <param name="Passes">It holds now.</param>
/// <param name="ExpiresAt">Until when, if only time goes by; null: no limit.</param>
[GenerateSerializer, Immutable, Alias("fz.ConditionVerdict")]
public sealed record ConditionVerdict([property: Id(0)] bool Passes, [property: Id(1)] DateTimeOffset? ExpiresAt);
