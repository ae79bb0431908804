using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Firezone.Membership.Postgres.Probing;

/// <summary>Addresses the probe of one particular silo.</summary>
internal sealed class SiloProbeClient(IServiceProvider services) : GrainServiceClient<ISiloProbe>(services)
{
    internal ISiloProbe Of(SiloAddress silo) => GetGrainService(silo);
}
