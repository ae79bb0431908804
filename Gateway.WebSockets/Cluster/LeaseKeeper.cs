using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>
/// Renews the lease by which the cluster knows that this process lives, every third of its duration and at once when a silo may be gone,
/// and has the sessions of lost silos attached again. Has nothing in common with the sessions' work, so that load cannot delay it.
/// </summary>
internal sealed partial class LeaseKeeper(
    IGrainFactory grains,
    FrontEndIdentity identity,
    SessionRegistry sessions,
    Reattacher reattacher,
    ConnectRateLimiter rateLimiter,
    Readiness readiness,
    GrainCalls calls,
    ClusterMotion motion,
    TimeProvider time,
    ILogger<LeaseKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _nudged = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private long _lastRenewed;
    private TimeSpan _duration;
    private bool _failing;

    /// <summary>Gives the lease up. The keeper must have been stopped, or it takes the lease again.</summary>
    internal Task LeaveAsync() => Directory.Leave(identity.Id);

    /// <summary>No renewal begins after this.</summary>
    internal void StopRenewing() => _stopping.Cancel();

    private IFrontEndDirectoryGrain Directory => grains.GetGrain<IFrontEndDirectoryGrain>(0);

    /// <inheritdoc />
    public override void Dispose()
    {
        _stopping.Dispose();
        _nudged.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _stopping.Token);
        calls.Faulted += Nudge;
        motion.SiloLeft += Nudge;
        try
        {
            while (!linked.IsCancellationRequested)
            {
                var pause = await RenewAsync(linked.Token);
                await Task.Delay(ShortestPause, time, linked.Token);
                await PauseAsync(pause - ShortestPause, linked.Token);
            }
        }
        catch (Exception) when (linked.IsCancellationRequested)
        {
            // The end. A call that is under way may fail in its own manner at this moment; that must not end the host.
        }
        finally
        {
            calls.Faulted -= Nudge;
            motion.SiloLeft -= Nudge;
        }
    }

    private async Task<TimeSpan> RenewAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var lease = await Directory.Renew(identity.Id, identity.Name, identity.Region, sessions.Count, identity.Observer)
                .WaitAsync(AttemptTimeout, time, cancellationToken);

            var lapsed = _lastRenewed != 0 && time.GetElapsedTime(_lastRenewed) > _duration;
            // From the question, not the answer: the cluster counts from some moment between the two.
            (_lastRenewed, _duration) = (started, lease.Duration);
            if (_failing || readiness.State == FrontEndState.Starting)
                Connected(lease.ActiveSilos.Length);
            _failing = false;
            rateLimiter.Renewed(lease, started);
            readiness.Set(ready: true);
            _ = reattacher.Check(lease.ActiveSilos, lapsed);
            return lease.Duration / 3 * (0.9 + Random.Shared.NextDouble() * 0.2);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_failing)
                Disconnected(e);
            _failing = true;
            if (_lastRenewed != 0 && time.GetElapsedTime(_lastRenewed) > _duration)
                readiness.Set(ready: false);

            // Slower the longer it lasts, but never so slow that a lease is lost for it.
            var silent = _lastRenewed == 0 ? time.GetElapsedTime(started) : time.GetElapsedTime(_lastRenewed);
            return TimeSpan.FromSeconds(Math.Clamp(silent.TotalSeconds / 4, 0.3, 2) * (0.75 + Random.Shared.NextDouble() * 0.5));
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause <= TimeSpan.Zero)
            return;

        using var timer = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _nudged.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }

    private void Nudge()
    {
        try
        {
            if (_nudged.CurrentCount == 0)
                _nudged.Release();
        }
        catch (SemaphoreFullException)
        {
            // Someone else was faster.
        }
        catch (ObjectDisposedException)
        {
            // The process is ending.
        }
    }

    [LoggerMessage(EventId = 1121, Level = LogLevel.Information, Message = "The cluster knows this front-end; {Silos} silos are active")]
    private partial void Connected(int silos);

    [LoggerMessage(EventId = 1122, Level = LogLevel.Warning, Message = "The cluster does not renew this front-end's lease; trying on")]
    private partial void Disconnected(Exception e);
}
