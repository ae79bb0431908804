using System.Net;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Tells of refused peers: a line a minute for each reason, with how many there were besides. Safe for use from any thread.</summary>
internal sealed partial class RefusalLog(TlsOptions options, TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(bool, RefusalReason), (long Told, int Left)> _reasons = [];

    internal void Refused(bool accepting, EndPoint? peer, RefusalReason reason)
    {
        int left;
        lock (_gate)
        {
            if (_reasons.TryGetValue((accepting, reason), out var last) && time.GetElapsedTime(last.Told) < Interval)
            {
                _reasons[(accepting, reason)] = (last.Told, last.Left + 1);
                return;
            }

            left = last.Left;
            _reasons[(accepting, reason)] = (time.GetTimestamp(), 0);
        }

        if (accepting)
            Accepting(peer, reason.Tell(options), left);
        else
            Dialling(peer, reason.Tell(options), left);
    }

    [LoggerMessage(1254, LogLevel.Warning, "The peer at {Peer} was turned away: {Reason}; {Left} more since this was last said")]
    private partial void Accepting(EndPoint? peer, string reason, int left);

    [LoggerMessage(1255, LogLevel.Warning, "No connection to the silo at {Peer}: {Reason}; {Left} more since this was last said")]
    private partial void Dialling(EndPoint? peer, string reason, int left);
}
