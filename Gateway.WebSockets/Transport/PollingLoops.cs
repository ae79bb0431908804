namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>The loops of the process; none is started before the first is asked for.</summary>
internal sealed class PollingLoops(ILogger<PollingLoop> logger) : IDisposable
{
    private readonly Lazy<PollingLoop[]> _loops = new(() =>
        [.. Enumerable.Range(0, Count).Select(index => new PollingLoop($"sockets {index}", logger))]);

    private int _next;

    // The others are for what the sockets' messages set going. With as many loops as processors both kinds disturb each other.
    private static int Count => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Takes turns.</summary>
    internal PollingLoop Next() => _loops.Value[(uint)Interlocked.Increment(ref _next) % _loops.Value.Length];

    /// <summary>All that they watch now.</summary>
    internal IEnumerable<IPolled> Watched() => _loops.Value.SelectMany(loop => loop.Watched());

    public void Dispose()
    {
        if (!_loops.IsValueCreated)
            return;
        foreach (var loop in _loops.Value)
            loop.Dispose();
    }
}
