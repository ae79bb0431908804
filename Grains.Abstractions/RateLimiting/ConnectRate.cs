namespace Firezone.Grains.Abstractions.RateLimiting;

/// <summary>How often a peer may connect.</summary>
/// <param name="Capacity">Largest burst. At least 1.</param>
/// <param name="RefillPerSecond">Connects per second in the long run. More than 0.</param>
[GenerateSerializer, Immutable, Alias("fz.ConnectRate")]
public readonly record struct ConnectRate([property: Id(0)] double Capacity, [property: Id(1)] double RefillPerSecond);
