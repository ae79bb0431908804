using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>Keeps every line that is logged.</summary>
internal sealed class LogCapture : ILoggerProvider, ILogger
{
    internal ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel} {eventId} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
