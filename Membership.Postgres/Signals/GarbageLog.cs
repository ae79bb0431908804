using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>Tells of payloads that are no signals: the first at once, then at most once a minute. What they say is never logged.</summary>
internal sealed partial class GarbageLog(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _since;
    private long _count;
    private bool _told;

    public void Add(string reason)
    {
        _count++;
        if (_told && time.GetElapsedTime(_since) < Pause)
            return;
        LogIgnored(log, _count, reason);
        _told = true;
        _since = time.GetTimestamp();
        _count = 0;
    }

    [LoggerMessage(7106, LogLevel.Warning, "Ignored {Count} notifications on the membership channel that are no signals; the last: {Reason}")]
    private static partial void LogIgnored(ILogger logger, long count, string reason);
}
