using Firezone.Membership.Postgres.Placement;
using Orleans.Placement;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Hosting;

[PreferRegion, RandomPlacement]
internal sealed class PlacedGrain(ILocalSiloDetails local) : Grain, IPlacedGrain
{
    public Task<string> WhereAsync() => Task.FromResult(SiloId.Of(local.SiloAddress).Value);
}
