using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Draining;

/// <summary>
/// The orderly stop: not ready as soon as the stop is announced, then all sockets closed with 1012 bit by bit, so that their peers do not
/// reconnect all at once, and then the lease given up. Runs before any service of the process is stopped, because the grains of a
/// co-hosted silo must hear of the ended sessions.
/// </summary>
internal sealed partial class Drainer(
    Readiness readiness,
    SessionRegistry sessions,
    SocketCloser closer,
    OperatorDrain drain,
    DetachQueue detaches,
    LeaseKeeper lease,
    IHostApplicationLifetime lifetime,
    IOptions<FrontEndOptions> options,
    TimeProvider time,
    ILogger<Drainer> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan DetachLimit = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => readiness.BeginDraining());
        return Task.CompletedTask;
    }

    /// <summary>Takes the drain's time and the limits for the last sockets and calls, 5 s more at most by default.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.BeginDraining();
        var count = sessions.Count;
        var over = DrainTime.Of(count, options.Value);
        if (count > 0)
            Begins(count, over.TotalSeconds);

        drain.GiveUp();
        await closer.CloseAllAsync(over, cancellationToken);
        await closer.EndAllAsync(cancellationToken);
        lease.StopRenewing();
        await LimitedAsync(detaches.WhenIdleAsync);
        await LimitedAsync(lease.LeaveAsync);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task LimitedAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(DetachLimit, time);
        }
        catch (Exception e)
        {
            // The cluster ends the sessions when the lease runs out.
            Incomplete(e);
        }
    }

    [LoggerMessage(EventId = 1131, Level = LogLevel.Information, Message = "Draining {Sessions} sockets in {Seconds:0.0} s")]
    private partial void Begins(int sessions, double seconds);

    [LoggerMessage(EventId = 1132, Level = LogLevel.Information, Message = "The cluster could not be told of all ended sessions")]
    private partial void Incomplete(Exception e);
}
