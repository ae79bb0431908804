using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Firezone.Grains.Status;

/// <summary>Asks the silos of the cluster for their reports, from a silo.</summary>
public sealed class SiloReports(IServiceProvider services, TimeProvider time)
{
    private readonly Lazy<Client> _client = new(() => new Client(services), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>One silo's report.</summary>
    /// <param name="silo">Whom to ask.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>Null if it does not answer in time, or is of a release that does not report.</returns>
    public async Task<SiloReport?> AskAsync(SiloAddress silo, TimeSpan patience)
    {
        try
        {
            var report = _client.Value.Of(silo).Report();
            report.Ignore();
            return await report.WaitAsync(patience, time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private sealed class Client(IServiceProvider services) : GrainServiceClient<ISiloReporter>(services)
    {
        internal ISiloReporter Of(SiloAddress silo) => GetGrainService(silo);
    }
}
