using Orleans.Services;

namespace Firezone.Silos.Operations.Collecting;

/// <summary>Runs on every silo that has the Orleans dashboard and hears when somebody looks at it, wherever in the cluster.</summary>
[Alias("fz.IDashboardCollector")]
internal interface IDashboardCollector : IGrainService
{
    /// <summary>Somebody looks at the dashboard.</summary>
    [ResponseTimeout("00:00:05"), Alias("Look")]
    Task Look();
}
