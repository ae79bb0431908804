namespace Firezone.Grains.Abstractions.FrontEnds;

/// <summary>The living front-ends.</summary>
/// <param name="Settled">
/// False while the directory is younger than one lease: a front-end that is missing may only not have renewed yet, so nobody's
/// sessions may be ended on this view.
/// </param>
/// <param name="Alive">Their ids.</param>
[GenerateSerializer, Immutable, Alias("fz.FrontEndView")]
public sealed record FrontEndView([property: Id(0)] bool Settled, [property: Id(1)] Guid[] Alive);
