using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Firezone.Grains.Operations;

/// <inheritdoc cref="OnSiloPlacement" />
internal sealed class OnSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString();
        var silo = Array.Find(context.GetCompatibleSilos(target), silo => silo.ToParsableString() == key);
        return silo is null ? throw new SiloUnavailableException($"Silo {key} is not active.") : Task.FromResult(silo);
    }
}
