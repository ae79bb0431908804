using System.Collections.Concurrent;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Connections that have not sent a byte yet; one timer watches over all of them.</summary>
internal sealed class PendingHandshakes(IOptions<FrontEndOptions> options, FrontEndMetrics metrics, TimeProvider time)
{
    // More than this many at a time are no devices, which speak first and at once.
    private const int Crowd = 1_000;

    private static readonly TimeSpan CrowdLimit = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _limit = options.Value.HandshakeTimeout;
    private readonly ConcurrentDictionary<ConnectionContext, long> _since = new();

    /// <summary>How many there are.</summary>
    internal int Count => _since.Count;

    internal void Add(ConnectionContext connection) => _since[connection] = time.GetTimestamp();

    internal void Remove(ConnectionContext connection) => _since.TryRemove(connection, out _);

    /// <summary>Ends those that have been silent for too long.</summary>
    internal void Sweep(long now)
    {
        var limit = Count > Crowd && _limit > CrowdLimit ? CrowdLimit : _limit;
        foreach (var (connection, since) in _since)
        {
            // Once each, also if one takes long to end.
            if (time.GetElapsedTime(since, now) < limit || !_since.TryRemove(connection, out _))
                continue;
            metrics.HandshakeBroken("silent");
            connection.Abort(new ConnectionAbortedException("The connection stayed silent."));
        }
    }
}
