namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>A running lease, and what the front-end should know of the cluster meanwhile.</summary>
/// <param name="Duration">Without a renewal for this long the front-end counts as gone.</param>
/// <param name="ActiveSilos">
/// Silos as named in <see cref="Sessions.AttachResult.Silo"/>. A session whose silo is missing here has lost its grain and is attached
/// again.
/// </param>
/// <param name="Alone">
/// No other front-end is there, and none is let in before this one has been told by <see cref="IFrontEndObserver.ShareConnectRate"/>.
/// </param>
[GenerateSerializer, Immutable, Alias("fz.FrontEndLease")]
public sealed record FrontEndLease(
    [property: Id(0)] TimeSpan Duration, [property: Id(1)] string[] ActiveSilos, [property: Id(2)] bool Alone = false);
