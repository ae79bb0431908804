using System.Collections.Immutable;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Placement;

/// <summary>The silos that have said goodbye and are not dead yet. Safe for use from any thread.</summary>
internal sealed class Leavers
{
    private ImmutableHashSet<SiloAddress> _silos = [];

    internal bool Contains(SiloAddress silo) => Volatile.Read(ref _silos).Contains(silo);

    internal void Add(SiloAddress silo) => ImmutableInterlocked.Update(ref _silos, static (silos, added) => silos.Add(added), silo);

    /// <summary>Forgets those that the view no longer has among the living.</summary>
    internal void KeepOnly(IReadOnlySet<SiloAddress> living) =>
        ImmutableInterlocked.Update(ref _silos, static (silos, kept) => silos.IsEmpty ? silos : silos.Intersect(kept), living);
}
