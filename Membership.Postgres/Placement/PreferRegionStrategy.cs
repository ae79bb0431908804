using Orleans.Placement;

namespace Firezone.Membership.Postgres.Placement;

/// <summary>Marker of <see cref="PreferRegionAttribute"/>; the work is done by <see cref="PreferRegionDirector"/>.</summary>
internal sealed class PreferRegionStrategy() : PlacementFilterStrategy(order: 0);
