using Firezone.Membership.Postgres.Locks;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>
/// The LISTEN session of a process, replaced whenever it is lost, until disposed. In a silo the same session holds the silo's lock, so
/// that the server knows of the process' death. The handler is called from one loop, one call at a time.
/// </summary>
internal sealed partial class SignalSession(
    MembershipDatabase db,
    SessionLockKey? ownLock,
    ISignalHandler handler,
    TimeProvider time,
    MembershipMetrics metrics,
    ILogger<SignalSession> log) : IAsyncDisposable
{
    private const int MaxEarly = 4096;
    private const int SurelySwallowed = 2;

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SwallowedBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Signal> _early = [];
    private readonly GarbageLog _garbage = new(time, log);
    private readonly Lock _starting = new();
    private readonly string _channel = ChannelName.For(db.ClusterId);

    private Task? _running;
    private volatile bool _up;
    private TimeSpan _backoff = FirstBackoff;
    private long _upSince;
    private bool _everUp;
    private Trouble _told;
    private int _swallowed;

    private enum Trouble
    {
        None,
        Down,
        Swallowed,
    }

    /// <summary>Whether signals are heard now. False from the moment a loss is noticed.</summary>
    public bool IsUp => _up;

    /// <summary>
    /// Returns after the first attempt to come up, successful or not (see <see cref="IsUp"/>); further ones are made in the background.
    /// </summary>
    /// <param name="ct">Ends the waiting, not the session.</param>
    public Task StartAsync(CancellationToken ct)
    {
        lock (_starting)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _running ??= Task.Run(RunAsync, CancellationToken.None);
        }

        return _firstAttempt.Task.WaitAsync(ct);
    }

    /// <summary>Closes the session, which frees the lock. The handler is not called any more afterwards, and not told of this end.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_starting)
        {
            running = _running;
            // Not awaited: cancelling a statement makes Npgsql connect again to say so, which an unreachable server can draw out.
            _ = _stop.CancelAsync();
        }

        if (running is not null)
            await running.WaitAsync(DisposeLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _firstAttempt.TrySetResult();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            var delay = TimeSpan.Zero;
            try
            {
                await LiveAsync(stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                delay = Lost(e);
            }
            catch (Exception)
            {
                // The end by DisposeAsync, in whatever form it came out of Npgsql.
                _up = false;
                return;
            }

            _firstAttempt.TrySetResult();
            await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        _early.Clear();
        await using var connection = await ListenConnection.OpenAsync(db, Heard, stop);
        await connection.ProveAsync(ProbeLimit, time, stop);
        var holdsLock = ownLock is { } key && await connection.TryLockAsync(key, stop);
        var lockTried = time.GetTimestamp();
        Up(holdsLock);
        while (true)
        {
            if (holdsLock || ownLock is not { } wanted)
            {
                await connection.WaitAsync(null, stop);
                continue;
            }

            var pause = LockRetry - time.GetElapsedTime(lockTried);
            if (pause > TimeSpan.FromMilliseconds(1))
            {
                await connection.WaitAsync(pause, stop);
                continue;
            }

            lockTried = time.GetTimestamp();
            holdsLock = await connection.TryLockAsync(wanted, stop);
            if (holdsLock)
            {
                LogLockTaken(log);
                Guarded(static h => h.OnUp(true));
            }
        }
    }

    private void Up(bool holdsLock)
    {
        if (_everUp)
            metrics.ListenReconnected();
        _everUp = true;
        _told = Trouble.None;
        _swallowed = 0;
        _upSince = time.GetTimestamp();
        _up = true;
        LogUp(log, _channel, holdsLock);
        if (!holdsLock && ownLock is not null)
            LogLockHeld(log);
        Guarded(h => h.OnUp(holdsLock));
        _firstAttempt.TrySetResult();
        foreach (var signal in _early)
            Guarded(h => h.OnSignal(signal));
        _early.Clear();
    }

    private TimeSpan Lost(Exception reason)
    {
        // A way that has worked before is rather late than swallowing: a server may be under load that has just come back.
        var swallowed = reason is SignalsSwallowedException && (!_everUp || ++_swallowed >= SurelySwallowed);
        var wasUp = _up;
        _up = false;
        var trouble = swallowed ? Trouble.Swallowed : Trouble.Down;
        if (trouble != _told && swallowed)
            LogSwallowed(log, _channel, ProbeLimit.TotalSeconds);
        else if (trouble != _told)
            LogDown(log, reason);
        _told = trouble;
        if (wasUp)
            Guarded(static h => h.OnDown());

        if (wasUp && time.GetElapsedTime(_upSince) > LastBackoff)
            _backoff = FirstBackoff;
        var backoff = swallowed ? SwallowedBackoff : _backoff;
        _backoff = _backoff * 2 < LastBackoff ? _backoff * 2 : LastBackoff;
        // Jitter: the processes of a cluster must not come back to a restarted server in step.
        return backoff * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private void Heard(string payload)
    {
        if (SignalCodec.TryDecode(payload, out var signal))
        {
            metrics.Received(signal);
            if (_up)
                Guarded(h => h.OnSignal(signal));
            else if (_early.Count < MaxEarly)
                _early.Add(signal);
        }
        else if (!SignalCodec.IsProbe(payload))
        {
            var reason = SignalCodec.RefusalReason(payload);
            metrics.Ignored(reason);
            _garbage.Add(reason);
        }
    }

    private void Guarded(Action<ISignalHandler> call)
    {
        if (_stop.IsCancellationRequested)
            return;
        try
        {
            call(handler);
        }
        catch (Exception e)
        {
            LogHandlerFailed(log, e);
        }
    }
}
