namespace Firezone.Gateway.WebSockets.Telemetry.Logs;

/// <summary>How many lines of one event were logged in the current second. Thread-safe.</summary>
internal sealed class EventWindow(LimitedLogger logger, int eventId)
{
    private readonly Lock _gate = new();
    private bool _started;
    private long _start;
    private int _logged;
    private int _leftOut;
    private LogLevel _level;

    internal LimitedLogger Logger => logger;

    /// <summary>The event; -1: all those of the category that have no window of their own.</summary>
    internal int EventId => eventId;

    /// <summary>Counts a line.</summary>
    /// <param name="level">Of the line.</param>
    /// <param name="now">Time stamp.</param>
    /// <param name="second">What <paramref name="now"/> rises by in a second.</param>
    /// <param name="limit">Lines per second.</param>
    /// <param name="isFirst">It is the first that is left out since the last <see cref="TakeLeftOut"/>.</param>
    /// <returns>Whether to log it.</returns>
    internal bool TryEnter(LogLevel level, long now, long second, int limit, out bool isFirst)
    {
        lock (_gate)
        {
            isFirst = false;
            if (!_started || now - _start >= second)
                (_started, _start, _logged) = (true, now, 0);
            if (_logged < limit)
            {
                _logged++;
                return true;
            }

            isFirst = _leftOut++ == 0;
            _level = isFirst || level > _level ? level : _level;
            return false;
        }
    }

    /// <summary>How many lines were left out since the last call, and the most severe level among them.</summary>
    internal (int Lines, LogLevel Level) TakeLeftOut()
    {
        lock (_gate)
        {
            var taken = (_leftOut, _level);
            _leftOut = 0;
            return taken;
        }
    }
}
