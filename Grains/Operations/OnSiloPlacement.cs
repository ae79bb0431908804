using Orleans.Runtime;

namespace Firezone.Grains.Operations;

/// <summary>A grain is where its key says: on that one start of a silo, or nowhere.</summary>
[GenerateSerializer, Immutable, Alias("fz.OnSiloPlacement")]
public sealed class OnSiloPlacement : PlacementStrategy;
