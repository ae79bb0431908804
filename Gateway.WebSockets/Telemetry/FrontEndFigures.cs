using System.Collections.Concurrent;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>
/// What operators are shown of the last minute, whether or not metrics are exported: a few counters, kept always. Thread-safe.
/// </summary>
internal sealed class FrontEndFigures(TimeProvider time)
{
    private readonly int[] _sockets = new int[Enum.GetValues<PeerKind>().Length];
    private readonly ConcurrentDictionary<string, RecentCounter> _flows = new();
    private readonly ConcurrentDictionary<string, RecentCounter> _refusals = new();

    internal RecentCount[] Flows => Read(_flows);

    internal RecentCount[] Refusals => Read(_refusals);

    internal int Sockets(PeerKind kind) => Volatile.Read(ref _sockets[(int)kind]);

    internal void Opened(PeerKind kind) => Interlocked.Increment(ref _sockets[(int)kind]);

    internal void Closed(PeerKind kind) => Interlocked.Decrement(ref _sockets[(int)kind]);

    /// <param name="outcome">One of a small fixed set of words.</param>
    internal void FlowAnswered(string outcome) => Count(_flows, outcome);

    /// <param name="code">One of a small fixed set of words.</param>
    internal void Refused(string code) => Count(_refusals, code);

    private void Count(ConcurrentDictionary<string, RecentCounter> counters, string name) =>
        counters.GetOrAdd(name, static (_, clock) => new RecentCounter(clock), time).Add();

    private static RecentCount[] Read(ConcurrentDictionary<string, RecentCounter> counters) =>
        [.. counters.Select(c => (c.Key, Value: c.Value.Read())).Select(c => new RecentCount(c.Key, c.Value.LastMinute, c.Value.PerSecond))];
}
