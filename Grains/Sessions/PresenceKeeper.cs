using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Grains.Sessions;

/// <summary>
/// Keeps the gateways and relays on this silo known to their site and directory, which hold presence in memory only. Announces all of
/// them when a silo has left the cluster, again until none fails; and at a slow pace always, for losses that nobody reports, such as the
/// end of a duplicate activation.
/// </summary>
/// <remarks>On the clock of the cluster's membership, not on that of sessions.</remarks>
public sealed partial class PresenceKeeper(
    IClusterMembershipService membership,
    LocalSessions sessions,
    TimeProvider time,
    ILogger<PresenceKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    /// <summary>For so long an announcement is good without another one.</summary>
    public static readonly TimeSpan Lifetime = Pace * 4;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Announcements under way at any time.</summary>
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 64 };

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(AtPaceAsync(stoppingToken), OnLossAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task AtPaceAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Pace, time);
        while (await timer.WaitForNextTickAsync(stopping))
            await AnnounceAsync(Present(), stopping);
    }

    private async Task OnLossAsync(CancellationToken stopping)
    {
        var active = new HashSet<SiloAddress>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stopping))
        {
            var now = snapshot.Members.Values.Where(m => m.Status is SiloStatus.Active).Select(m => m.SiloAddress).ToHashSet();
            if (!active.IsSubsetOf(now))
                await AnnounceAllAsync(stopping);
            active = now;
        }
    }

    private async Task AnnounceAllAsync(CancellationToken stopping)
    {
        var rest = Present();
        LogAnnouncing(rest.Count);
        while (true)
        {
            rest = await AnnounceAsync(rest, stopping);
            if (rest.Count == 0)
                return;
            // The directory of grains still points to the silo that has gone.
            await Task.Delay(RetryPause * (0.5 + Random.Shared.NextDouble()), time, stopping);
        }
    }

    private List<LocalSession> Present() => [.. sessions.All().Where(s => s.Kind is not SessionKind.Client)];

    /// <summary>Returns those that could not be announced.</summary>
    private static async Task<List<LocalSession>> AnnounceAsync(List<LocalSession> present, CancellationToken stopping)
    {
        var failed = new List<LocalSession>();
        await Parallel.ForEachAsync(present, Parallelism, async (session, _) =>
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await session.Grain.Announce();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it was, the others must be announced and this one tried again.
                lock (failed)
                    failed.Add(session);
            }
        });
        return failed;
    }

    [LoggerMessage(EventId = 3501, Level = LogLevel.Information, Message = "A silo has left; {Count} gateways and relays of this silo are announced again")]
    private partial void LogAnnouncing(int count);
}
