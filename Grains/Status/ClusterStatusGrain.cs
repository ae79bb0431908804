using Firezone.Grains.Abstractions.Status;
using Firezone.Membership.Postgres.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Firezone.Grains.Status;

/// <inheritdoc cref="IClusterStatusGrain" />
[StatelessWorker(1), Reentrant]
public sealed class ClusterStatusGrain(ISiloMetadataCache places) : Grain, IClusterStatusGrain
{
    /// <inheritdoc />
    public async Task<SiloView[]> GetSilos()
    {
        var hosts = await GrainFactory.GetGrain<IManagementGrain>(0).GetDetailedHosts();
        return [.. hosts.Where(h => h.Status != SiloStatus.Dead).OrderBy(h => h.StartTime).Select(View)];
    }

    private SiloView View(MembershipEntry host)
    {
        var place = places.GetSiloMetadata(host.SiloAddress).Metadata;
        return new SiloView(
            host.SiloName,
            host.SiloAddress.Endpoint.ToString(),
            place.GetValueOrDefault(SiloPlace.RegionKey),
            place.GetValueOrDefault(SiloPlace.ZoneKey),
            Name(host.Status),
            new DateTimeOffset(DateTime.SpecifyKind(host.StartTime, DateTimeKind.Utc)));
    }

    private static string Name(SiloStatus status) => status switch
    {
        SiloStatus.Joining => "joining",
        SiloStatus.Active => "active",
        SiloStatus.ShuttingDown => "shutting_down",
        SiloStatus.Stopping => "stopping",
        SiloStatus.Created => "created",
        _ => "none",
    };
}
