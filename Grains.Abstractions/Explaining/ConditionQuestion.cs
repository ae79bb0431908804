namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>A condition to be judged.</summary>
/// <param name="Property">What is looked at.</param>
/// <param name="Operator">How.</param>
/// <param name="Values">Against what.</param>
[GenerateSerializer, Immutable, Alias("fz.ConditionQuestion")]
public sealed record ConditionQuestion([property: Id(0)] string Property, [property: Id(1)] string Operator, [property: Id(2)] string[] Values);
