using Orleans.Placement;

namespace Firezone.Membership.Postgres.Placement;

/// <summary>
/// Places new activations of a grain class in the region, and within it the zone, of the caller's silo as long as a silo there may take
/// them, and never on a silo that has said goodbye or is drained as long as there is another. All silos of the cluster must use PostgreSQL membership.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class PreferRegionAttribute() : PlacementFilterAttribute(new PreferRegionStrategy());
