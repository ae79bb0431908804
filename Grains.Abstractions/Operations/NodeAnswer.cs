namespace Firezone.Grains.Abstractions.Operations;

/// <summary>What a process answered, if it did.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="Reach">Whether it could be asked.</param>
/// <param name="Value">Its answer; of no meaning unless it has answered.</param>
[GenerateSerializer, Immutable, Alias("fz.NodeAnswer`1")]
public sealed record NodeAnswer<T>([property: Id(0)] NodeReach Reach, [property: Id(1)] T? Value);
