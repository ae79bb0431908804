using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Tests.Signals;

/// <summary>Keeps every line that is logged, with its event id.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Lines { get; } = new();

    public int Count(int id) => Lines.Count(l => l.Id == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
}
