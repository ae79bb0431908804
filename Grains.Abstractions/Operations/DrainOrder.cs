namespace Firezone.Grains.Abstractions.Operations;

/// <summary>An operator takes a process out of service.</summary>
/// <param name="PerSecond">Sessions moved per second; null: the process's own pace.</param>
/// <param name="Over">The time that it takes, instead of a pace.</param>
/// <param name="By">Who wants it.</param>
[GenerateSerializer, Immutable, Alias("fz.DrainOrder")]
public sealed record DrainOrder([property: Id(0)] double? PerSecond, [property: Id(1)] TimeSpan? Over, [property: Id(2)] string By);
