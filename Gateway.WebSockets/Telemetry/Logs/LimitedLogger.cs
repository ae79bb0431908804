using System.Collections.Concurrent;

namespace Firezone.Gateway.WebSockets.Telemetry.Logs;

/// <summary>The logger of one category. See <see cref="LimitedLoggerFactory"/>.</summary>
internal sealed partial class LimitedLogger(ILogger inner, LimitedLoggerFactory factory) : ILogger
{
    // A category's events are known when it is compiled; whoever makes them up as he goes shares one window.
    private const int MaxEvents = 64;
    private const int Others = -1;

    private readonly ConcurrentDictionary<int, EventWindow> _windows = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // What nobody wants to see does not count.
        if (inner.IsEnabled(logLevel) && factory.TryEnter(Window(eventId.Id), logLevel))
            inner.Log(logLevel, eventId, state, exception, formatter);
    }

    internal void Summarize(EventWindow window)
    {
        var (lines, level) = window.TakeLeftOut();
        if (lines == 0)
            return;
        if (window.EventId == Others)
            OthersLeftOut(inner, level, lines);
        else
            LeftOut(inner, level, lines, window.EventId);
    }

    private EventWindow Window(int eventId)
    {
        if (_windows.TryGetValue(eventId, out var window))
            return window;
        if (_windows.Count >= MaxEvents)
            eventId = Others;
        return _windows.GetOrAdd(eventId, static (id, self) => new EventWindow(self, id), this);
    }

    [LoggerMessage(EventId = 1191, Message = "{Lines} more lines of event {Event} were left out")]
    private static partial void LeftOut(ILogger logger, LogLevel level, int lines, int @event);

    [LoggerMessage(EventId = 1192, Message = "{Lines} more lines of various events were left out")]
    private static partial void OthersLeftOut(ILogger logger, LogLevel level, int lines);
}
