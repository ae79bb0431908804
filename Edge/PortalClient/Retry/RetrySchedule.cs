namespace Firezone.Edge.PortalClient.Retry;

/// <summary>
/// Decides how long to wait after a failure and when to give up. Pure: the caller passes the monotonic time and the source of jitter.
/// </summary>
/// <remarks>
/// The clock starts at the first failure after the last join (not at process start, not at the last success of the socket alone), so a
/// portal that accepts sockets but cannot serve channels meets growing delays.
/// </remarks>
/// <param name="settings">Delays and limits.</param>
/// <param name="uniform">Draws from [0, 1).</param>
public sealed class RetrySchedule(RetrySettings settings, Func<double> uniform)
{
    private bool _everJoined;
    private TimeSpan? _firstFailure;
    private int _step;

    /// <summary>How long the schedule goes on in its present phase; null: for ever.</summary>
    public TimeSpan? Limit => _everJoined ? settings.PartitionLimit : settings.FirstConnectLimit;

    /// <summary>A join succeeded: from now on the backoff applies, and the next failure starts a new clock.</summary>
    public void Joined()
    {
        _everJoined = true;
        Restart();
    }

    /// <summary>The owner asked for a fresh connection: the next failure starts a new clock.</summary>
    public void Restart()
    {
        _firstFailure = null;
        _step = 0;
    }

    /// <summary>
    /// The wait before the next attempt; null to give up. A <paramref name="retryAfter"/> is used as it is, within
    /// <see cref="RetrySettings.MinRetryAfter"/> and <see cref="RetrySettings.MaxRetryAfter"/>, and leaves clock and backoff untouched:
    /// a portal that says when to come back is alive.
    /// </summary>
    public TimeSpan? Next(TimeSpan now, TimeSpan? retryAfter)
    {
        if (retryAfter is { } asked)
            return TimeSpan.FromTicks(Math.Clamp(asked.Ticks, settings.MinRetryAfter.Ticks, settings.MaxRetryAfter.Ticks));

        var elapsed = now - (_firstFailure ??= now);
        var delay = _everJoined ? Backoff() : settings.FirstConnectDelay;
        return Limit is { } limit && elapsed + delay > limit ? null : delay;
    }

    private TimeSpan Backoff()
    {
        var nominal = Math.Min(settings.InitialDelay.TotalSeconds * Math.Pow(settings.Factor, _step), settings.MaxDelay.TotalSeconds);
        if (nominal < settings.MaxDelay.TotalSeconds)
            _step++;
        return TimeSpan.FromSeconds(nominal * (1 + settings.Jitter * (2 * uniform() - 1)));
    }
}
