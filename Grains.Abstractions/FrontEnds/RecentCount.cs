namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>How often something happened lately.</summary>
/// <param name="Name">What; one of a small fixed set of words.</param>
/// <param name="LastMinute">In the last sixty seconds.</param>
/// <param name="PerSecond">On average over the last ten seconds.</param>
[GenerateSerializer, Immutable, Alias("fz.RecentCount")]
public sealed record RecentCount([property: Id(0)] string Name, [property: Id(1)] long LastMinute, [property: Id(2)] double PerSecond);
