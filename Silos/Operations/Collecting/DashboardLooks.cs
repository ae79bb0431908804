using Firezone.Silos.Operations.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Firezone.Silos.Operations.Collecting;

/// <summary>Tells all silos when somebody looks at the dashboard of this one. They are told again now and then, because others join.</summary>
internal sealed class DashboardLooks(OperationsServices services)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MemberPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Lazy<Client> _client = new(() => new Client(services.Silo));
    private Task? _telling;
    private long _toldAt;

    /// <summary>Somebody looks.</summary>
    /// <returns>When all silos collect, or did not answer.</returns>
    internal Task NoteAsync()
    {
        lock (_lock)
        {
            if (_telling is { } telling && services.Time.GetElapsedTime(_toldAt) < Interval)
                return telling;
            _toldAt = services.Time.GetTimestamp();
            return _telling = Task.Run(TellAllAsync);
        }
    }

    private Task TellAllAsync() => Task.WhenAll(
        services.Membership.CurrentSnapshot.Members.Values.Where(m => m.Status is SiloStatus.Active).Select(m => TellAsync(m.SiloAddress)));

    private async Task TellAsync(SiloAddress silo)
    {
        try
        {
            var look = _client.Value.Of(silo).Look();
            look.Ignore();
            await look.WaitAsync(MemberPatience, services.Time);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It has no dashboard, or is not well; the dashboard shows it without figures then.
        }
    }

    private sealed class Client(IServiceProvider services) : GrainServiceClient<IDashboardCollector>(services)
    {
        internal IDashboardCollector Of(SiloAddress silo) => GetGrainService(silo);
    }
}
