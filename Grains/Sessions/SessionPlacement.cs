using Firezone.Grains.Abstractions.Sessions;
using Firezone.Membership.Postgres.Placement;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;

namespace Firezone.Grains.Sessions;

/// <inheritdoc />
/// <remarks>
/// Notes where placement would put the grain after a fruitless look into the directory. The activation registers itself there before it
/// takes a call, so that there is never a second one.
/// </remarks>
public sealed class SessionPlacement(
    IGrainDirectoryCache places,
    ILocalSiloDetails silo,
    IClusterMembershipService membership,
    ISiloStatusOracle status,
    DrainedSilos drained) : ISessionPlacement
{
    /// <inheritdoc />
    public void ExpectHere(IAddressable grain)
    {
        if (drained.Self || status.CurrentStatus is not SiloStatus.Active)
            return;
        var id = grain.GetGrainId();
        if (places.LookUp(id, out _, out _))
            return;
        var version = membership.CurrentSnapshot.Version;
        places.AddOrUpdate(new GrainAddress { GrainId = id, SiloAddress = silo.SiloAddress, MembershipVersion = version }, (int)version.Value);
    }
}
