using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Upgrades;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>The one timer that watches the time limits of all sockets.</summary>
internal sealed partial class SessionSweeper(
    SessionRegistry sessions,
    PendingHandshakes handshakes,
    ClusterMotion motion,
    FrontEndMetrics metrics,
    TimeProvider time,
    ILogger<SessionSweeper> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Then the time until a device hears that its answer is lost is what counts.
    private static readonly TimeSpan IntervalInMotion = Interval / 4;

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private int _sweeping;
    private TimeSpan _interval = Interval;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static self => ((SessionSweeper)self!).Sweep(), this, Interval, Interval);
        motion.SiloLeft += Hurry;
        return Task.CompletedTask;
    }

    // Goes on until disposal: sockets that are closed by the stop itself still have their limits.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        motion.SiloLeft -= Hurry;
        _timer?.Dispose();
    }

    /// <summary>Looks at every socket once. False: another thread is at it.</summary>
    internal bool Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
            return false;

        var now = time.GetTimestamp();
        handshakes.Sweep(now);
        var depths = metrics.WantsOutboxDepth;
        foreach (var connection in sessions.Connections)
        {
            try
            {
                connection.Sweep(now);
                if (depths && connection.Writer.Depth is > 0 and var depth)
                    metrics.OutboxDepth(depth);
            }
            catch (Exception e)
            {
                // An exception in a timer's callback would end the process.
                SweepFailed(e);
            }
        }

        Pace(motion.IsSettled ? Interval : IntervalInMotion);
        Volatile.Write(ref _sweeping, 0);
        return true;
    }

    // Not with the next look only, which may be a second away.
    private void Hurry() => Pace(IntervalInMotion);

    private void Pace(TimeSpan interval)
    {
        lock (_gate)
        {
            if (interval == _interval)
                return;
            _interval = interval;
            _timer?.Change(interval, interval);
        }
    }

    [LoggerMessage(EventId = 1162, Level = LogLevel.Error, Message = "A socket's time limits could not be checked")]
    private partial void SweepFailed(Exception e);
}
