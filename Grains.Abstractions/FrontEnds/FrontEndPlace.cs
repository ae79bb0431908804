namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>Where a front-end can be reached.</summary>
/// <param name="Settled">As in <see cref="FrontEndView"/>: whether one that is missing does not exist.</param>
/// <param name="FrontEnd">Null when it is not known.</param>
[GenerateSerializer, Immutable, Alias("fz.FrontEndPlace")]
public sealed record FrontEndPlace([property: Id(0)] bool Settled, [property: Id(1)] IFrontEndObserver? FrontEnd);
