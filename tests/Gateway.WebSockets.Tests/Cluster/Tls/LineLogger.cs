using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Firezone.Gateway.WebSockets.Tests.Cluster.Tls;

/// <summary>Keeps what is logged.</summary>
internal sealed class LineLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(int Event, string Line)> _lines = new();

    public IEnumerable<string> Lines => _lines.Select(line => line.Line);

    public IEnumerable<int> Events => _lines.Select(line => line.Event);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, formatter(state, exception)));
}
