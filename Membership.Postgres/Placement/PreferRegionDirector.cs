using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Firezone.Membership.Postgres.Placement;

/// <summary>Narrows the silos that may take a new activation, never to none.</summary>
internal sealed class PreferRegionDirector(ILocalSiloDetails local, ISiloMetadataCache metadata, Leavers leavers, DrainedSilos drained) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy strategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var all = silos as IReadOnlyList<SiloAddress> ?? [.. silos];
        var staying = Narrow(all, silo => !leavers.Contains(silo) && !drained.Contains(silo));
        var (region, zone) = PlaceOf(local.SiloAddress);
        if (region is null)
            return staying;
        var near = Narrow(staying, silo => PlaceOf(silo).Region == region);
        return zone is null ? near : Narrow(near, silo => PlaceOf(silo) == (region, zone));
    }

    private (string? Region, string? Zone) PlaceOf(SiloAddress silo)
    {
        var known = metadata.GetSiloMetadata(silo).Metadata;
        return (known.GetValueOrDefault(SiloPlace.RegionKey), known.GetValueOrDefault(SiloPlace.ZoneKey));
    }

    private static IReadOnlyList<SiloAddress> Narrow(IReadOnlyList<SiloAddress> silos, Func<SiloAddress, bool> keep)
    {
        var kept = silos.Where(keep).ToList();
        return kept.Count == 0 || kept.Count == silos.Count ? silos : kept;
    }
}
