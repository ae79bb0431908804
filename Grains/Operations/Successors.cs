using Firezone.Membership.Postgres.Placement;
using Orleans.Runtime;

namespace Firezone.Grains.Operations;

/// <summary>The silos that could take over the sessions of this one. Thread-safe.</summary>
public sealed class Successors(DrainedSilos drained, IClusterMembershipService membership, ILocalSiloDetails local)
{
    /// <summary>Whether there is one. Without, sessions would only come back here.</summary>
    internal bool Any => All.Any();

    /// <summary>All of them, as far as is known here.</summary>
    internal IEnumerable<SiloAddress> All => membership.CurrentSnapshot.Members.Values
        .Where(silo => silo.Status is SiloStatus.Active && !silo.SiloAddress.Equals(local.SiloAddress) && !drained.Contains(silo.SiloAddress))
        .Select(silo => silo.SiloAddress);
}
