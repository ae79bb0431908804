using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Membership.Postgres.Placement;
using Firezone.Silos.Operations.Hosting;
using Orleans.Runtime;

namespace Firezone.Silos.Operations.Overview;

/// <summary>
/// Looks at the cluster: one call to each silo, one to the front-ends' directory, which asks each of them, and now and then the database.
/// Nobody is waited for longer than two seconds. All viewers share what is not older than a second.
/// </summary>
internal sealed class OverviewSource(OperationsServices services, DatabaseFigures database)
{
    /// <summary>So long an overview is good.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SiloPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DirectoryPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private ClusterOverview? _current;
    private long _madeAt;
    private Task<ClusterOverview>? _making;

    /// <summary>The cluster as of now, or a moment ago.</summary>
    internal Task<ClusterOverview> GetAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_current is { } current && services.Time.GetElapsedTime(_madeAt) < Freshness)
                return Task.FromResult(current);
            return (_making ??= Task.Run(MakeAsync, CancellationToken.None)).WaitAsync(ct);
        }
    }

    private async Task<ClusterOverview> MakeAsync()
    {
        try
        {
            var silos = SilosAsync();
            var frontEnds = FrontEndsAsync();
            var answer = await database.GetAsync();
            var members = await silos;
            var self = services.Membership.CurrentSnapshot.Members.Values
                .FirstOrDefault(m => m.SiloAddress.Equals(Local.SiloAddress))?.Name ?? Local.Name;
            var overview = new ClusterOverview(
                services.Time.GetUtcNow(), self, members, await frontEnds, answer, database.IsFailing, Timeline.Of(members));
            lock (_lock)
                (_current, _madeAt) = (overview, services.Time.GetTimestamp());
            return overview;
        }
        finally
        {
            lock (_lock)
                _making = null;
        }
    }

    private ILocalSiloDetails Local => services.Silo.GetRequiredService<ILocalSiloDetails>();

    private async Task<IReadOnlyList<SiloLine>> SilosAsync()
    {
        var ages = services.Journal.HeartbeatAges();
        var living = services.Membership.CurrentSnapshot.Members.Values.Where(m => m.Status is not (SiloStatus.Dead or SiloStatus.None));
        var lines = await Task.WhenAll(living.Select(async member =>
        {
            var silo = member.SiloAddress;
            // One that is not active yet does not answer calls, nor does one that has stopped to.
            var report = member.Status is SiloStatus.Active or SiloStatus.ShuttingDown ? await services.Reports.AskAsync(silo, SiloPatience) : null;
            var region = report?.Region ?? services.Places.GetSiloMetadata(silo).Metadata.GetValueOrDefault(SiloPlace.RegionKey) ?? "";
            TimeSpan? age = ages.TryGetValue(silo, out var heard) ? heard : null;
            return new SiloLine(member.Name, silo.Endpoint.ToString(), region, Name(member.Status), age, report);
        }));
        return [.. lines.OrderBy(s => s.Region, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Address, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<FrontEndSight>?> FrontEndsAsync()
    {
        try
        {
            var asked = services.Grains.GetGrain<IFrontEndDirectoryGrain>(0).GetReports();
            asked.Ignore();
            var sights = await asked.WaitAsync(DirectoryPatience, services.Time);
            return [.. sights.OrderBy(f => f.Region, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => f.Id)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string Name(SiloStatus status) => status switch
    {
        SiloStatus.Active => "active",
        SiloStatus.Joining => "joining",
        SiloStatus.ShuttingDown or SiloStatus.Stopping => "leaving",
        _ => "created",
    };
}
