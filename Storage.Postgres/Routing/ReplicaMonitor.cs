using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>Looks at every replica again and again, and so decides where reads go. Without replicas it does nothing.</summary>
/// <param name="database">Whose replicas.</param>
/// <param name="time">For the pauses.</param>
public sealed class ReplicaMonitor(Database database, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => database.Router is { } router
        ? Task.WhenAll(router.Replicas.Select(replica => WatchAsync(router, replica, stoppingToken)))
        : Task.CompletedTask;

    private async Task WatchAsync(ReadRouter router, Replica replica, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await LookAsync(router, replica, ct);
            // Jitter: the processes of a cluster must not ask in step.
            await Task.Delay(router.Options.ProbeInterval * (0.75 + (Random.Shared.NextDouble() / 2)), time, ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(ReadRouter router, Replica replica, CancellationToken ct)
    {
        var before = await PositionAsync(router, ct);
        ReplicaProbe probe;
        try
        {
            probe = await replica.LookAsync(ct);
            // It is given the time that a read would give it.
            var started = time.GetTimestamp();
            while (probe.InRecovery && probe.Replayed < before?.Lsn && router.Options.MaxWait - time.GetElapsedTime(started) is var rest
                && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest < Pause ? rest : Pause, time, ct);
                probe = await replica.LookAsync(ct);
            }
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            replica.Failed(e);
            return;
        }
        var after = probe.Replayed > before?.Lsn ? await PositionAsync(router, ct) : before;
        if (before is { } first && after is { } last)
        {
            // A promotion in between: the next look will tell.
            if (first.Timeline == last.Timeline)
                replica.Looked(probe, new(router.Guard.System, first.Timeline, first.Lsn, last.Lsn));
        }
        else
            replica.Looked(probe, null);
    }

    // Null: the primary is away. Whoever reads is told; here it only means that less can be said of the replica.
    private static async Task<PrimaryPosition?> PositionAsync(ReadRouter router, CancellationToken ct)
    {
        try
        {
            return await router.Barrier.PassAsync(ct);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }
}
