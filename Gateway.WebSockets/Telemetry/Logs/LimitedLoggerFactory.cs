using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Telemetry.Logs;

/// <summary>
/// Bounds how often one event is logged, so that a storm costs neither the CPU nor the disk that the sessions need: the first lines of a
/// second pass, whatever their level, and a second later one line tells how many more there were. Its state is bounded by the number of
/// events that the program has. An event is a category and an id; those without an id share the id 0.
/// </summary>
internal sealed class LimitedLoggerFactory(ILoggerFactory inner, IOptions<TelemetryOptions> options, TimeProvider time) : ILoggerFactory
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ILoggerFactory _inner = inner;
    private readonly int _limit = options.Value.LogLinesPerSecond;
    private readonly ConcurrentDictionary<string, LimitedLogger> _loggers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<EventWindow> _toSummarize = [];
    private ITimer? _timer;

    public ILogger CreateLogger(string categoryName) => _limit > 0
        ? _loggers.GetOrAdd(categoryName, static (name, self) => new LimitedLogger(self._inner.CreateLogger(name), self), this)
        : _inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _inner.AddProvider(provider);

    public void Dispose()
    {
        Summarize();
        lock (_gate)
            _timer?.Dispose();
        _inner.Dispose();
    }

    internal bool TryEnter(EventWindow window, LogLevel level)
    {
        if (window.TryEnter(level, time.GetTimestamp(), time.TimestampFrequency, _limit, out var isFirst))
            return true;
        if (isFirst)
            SummarizeLater(window);
        return false;
    }

    // There is no timer while nothing is left out.
    private void SummarizeLater(EventWindow window)
    {
        lock (_gate)
        {
            _toSummarize.Add(window);
            if (_toSummarize.Count > 1)
                return;
            _timer?.Dispose();
            _timer = time.CreateTimer(static self => ((LimitedLoggerFactory)self!).Summarize(), this, Second, Timeout.InfiniteTimeSpan);
        }
    }

    private void Summarize()
    {
        EventWindow[] windows;
        lock (_gate)
        {
            windows = [.. _toSummarize];
            _toSummarize.Clear();
        }

        foreach (var window in windows)
        {
            try
            {
                window.Logger.Summarize(window);
            }
            catch (Exception)
            {
                // A log that fails cannot tell of it, and an exception in a timer's callback would end the process.
            }
        }
    }
}
