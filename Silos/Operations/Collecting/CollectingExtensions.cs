using Orleans.Dashboard;

namespace Firezone.Silos.Operations.Collecting;

/// <summary>The Orleans dashboard, collecting only for those who look at it.</summary>
internal static class CollectingExtensions
{
    /// <exception cref="InvalidOperationException">The dashboard of this release is put together in another way.</exception>
    internal static ISiloBuilder AddDashboardOnDemand(this ISiloBuilder silo)
    {
        silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        var services = silo.Services;
        // The one part that works from the start of the silo; the others do when they are asked.
        var collector = services.Single(d => d.ServiceType == typeof(IHostedService)
            && d.ImplementationFactory?.Method.ReturnType.Assembly == typeof(DashboardOptions).Assembly);
        services.Remove(collector);
        services.AddSingleton(s => new DashboardCollection(
            () => (IHostedService)collector.ImplementationFactory!(s),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<DashboardCollection>>()));
        return silo.AddGrainService<DashboardCollector>();
    }
}
