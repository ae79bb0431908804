namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>
/// Whether silos are leaving or sessions moving between them. What a silo was about to answer may be lost then, without anyone knowing
/// but the front-end that waits for it. Thread-safe.
/// </summary>
internal sealed class ClusterMotion(TimeProvider time)
{
    /// <summary>From a silo's leave until nothing can be on its way any more that it has not handed over: as long as a stop may take.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(30);

    private long _last;

    /// <summary>Raised, on any thread, when a silo is leaving or has left.</summary>
    internal event Action? SiloLeft;

    /// <summary>Whether nothing has moved for a while.</summary>
    internal bool IsSettled => Volatile.Read(ref _last) is 0 || time.GetElapsedTime(Volatile.Read(ref _last)) > Aftermath;

    /// <summary>A silo is leaving or has left.</summary>
    internal void NoteLeave()
    {
        NoteMove();
        SiloLeft?.Invoke();
    }

    /// <summary>A session has moved to another activation.</summary>
    internal void NoteMove() => Volatile.Write(ref _last, Math.Max(1, time.GetTimestamp()));
}
