namespace Firezone.Grains.Abstractions.Operations;

/// <summary>The processes of the cluster.</summary>
/// <param name="Silos">Names of the silos that are not dead.</param>
/// <param name="FrontEnds">Ids of the front-ends whose lease is good.</param>
[GenerateSerializer, Immutable, Alias("fz.KnownNodes")]
public sealed record KnownNodes([property: Id(0)] string[] Silos, [property: Id(1)] Guid[] FrontEnds);
