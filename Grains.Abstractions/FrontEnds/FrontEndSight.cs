namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>A front-end whose lease is running.</summary>
/// <param name="Id">The process.</param>
/// <param name="Name">For people.</param>
/// <param name="Region">Its region label.</param>
/// <param name="Sessions">Its open sockets at the last renewal.</param>
/// <param name="SinceRenewal">How long ago that was.</param>
/// <param name="Report">What it says now; null: it did not answer in time, or is of a release that does not report.</param>
[GenerateSerializer, Immutable, Alias("fz.FrontEndSight")]
public sealed record FrontEndSight(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Region,
    [property: Id(3)] int Sessions,
    [property: Id(4)] TimeSpan SinceRenewal,
    [property: Id(5)] FrontEndReport? Report);
