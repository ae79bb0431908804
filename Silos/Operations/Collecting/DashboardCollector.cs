using Orleans.Concurrency;
using Orleans.Runtime;

namespace Firezone.Silos.Operations.Collecting;

/// <inheritdoc cref="IDashboardCollector" />
[Reentrant]
internal sealed class DashboardCollector(GrainId id, Silo silo, ILoggerFactory loggers, DashboardCollection collection)
    : GrainService(id, silo, loggers), IDashboardCollector
{
    /// <inheritdoc />
    public Task Look() => collection.LookAsync();
}
