using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog<T> : ILogger<T>
{
    public ConcurrentQueue<(LogLevel Level, string Message)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception)));
}
