namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>
/// Calls to grains that survive the loss of a silo: a short limit per attempt, small pauses with jitter in between, and a limit in total.
/// Every call made through here may run twice, so it must be idempotent.
/// </summary>
internal sealed partial class GrainCalls(TimeProvider time, ILogger<GrainCalls> logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _lastLogged;
    private int _unlogged;

    /// <summary>Raised, on any thread, when a call failed because a silo may be gone.</summary>
    internal event Action? Faulted;

    /// <summary>Makes a call until it succeeds, fails for good, or the time is up; then the last failure is thrown.</summary>
    /// <param name="call">Starts one attempt. An attempt that is given up goes on in the background, unobserved.</param>
    /// <param name="attempt">Limit per attempt.</param>
    /// <param name="total">Limit of all attempts and pauses.</param>
    /// <param name="isTransient">Which failures are worth another attempt.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    internal async Task<T> RetryAsync<T>(
        Func<Task<T>> call,
        TimeSpan attempt,
        TimeSpan total,
        Func<Exception, bool> isTransient,
        CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var left = total - time.GetElapsedTime(started);
                if (left < TimeSpan.Zero)
                    left = TimeSpan.Zero; // The pause was longer than asked for; a negative limit would be refused, or mean none.
                return await call().WaitAsync(attempt < left ? attempt : left, time, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Report(e);
                var pause = NextPause();
                if (!isTransient(e) || time.GetElapsedTime(started) + pause >= total)
                    throw;
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    /// <summary>The same for calls without a result.</summary>
    internal Task RetryAsync(
        Func<Task> call, TimeSpan attempt, TimeSpan total, Func<Exception, bool> isTransient, CancellationToken cancellationToken = default)
    {
        return RetryAsync(WithResult, attempt, total, isTransient, cancellationToken);

        async Task<bool> WithResult()
        {
            await call();
            return true;
        }
    }

    /// <summary>A pause before a second attempt.</summary>
    internal static TimeSpan NextPause() => TimeSpan.FromMilliseconds(50 + Random.Shared.Next(200));

    /// <summary>
    /// Notes a failed call. A silo's end fails many calls at once: logged at most every 10 s, with the number of the others.
    /// </summary>
    internal void Report(Exception e)
    {
        if (GrainFaults.IsTransient(e))
            Faulted?.Invoke();

        int others;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_lastLogged != 0 && time.GetElapsedTime(_lastLogged, now) < LogInterval)
            {
                _unlogged++;
                return;
            }

            _lastLogged = now;
            (others, _unlogged) = (_unlogged, 0);
        }

        CallFailed(e, others);
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "A call to the cluster failed; {Others} more since the last message")]
    private partial void CallFailed(Exception e, int others);
}
