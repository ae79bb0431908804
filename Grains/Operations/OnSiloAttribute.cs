using Orleans.Placement;

namespace Firezone.Grains.Operations;

/// <summary>Marks a grain that is keyed by the silo which it is on.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnSiloAttribute() : PlacementAttribute(new OnSiloPlacement());
