using Firezone.Gateway.WebSockets.Channels;
using Firezone.Gateway.WebSockets.Sessions;

namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>Has sessions attached again whose silo has left the cluster, without touching their sockets.</summary>
internal sealed partial class Reattacher(SessionRegistry sessions, ILogger<Reattacher> logger)
{
    private int _running;
    private bool _all;

    /// <summary>
    /// Starts a pass in the background if any session needs it. What fails is found again at the next call; to attach all of them waits for the end
    /// of the passes before it. Not to be called concurrently.
    /// </summary>
    /// <param name="activeSilos">Silos whose sessions are well.</param>
    /// <param name="all">All sessions need it: the lease had run out, so grains may have ended them.</param>
    /// <returns>The pass, or a completed task.</returns>
    internal Task Check(string[] activeSilos, bool all)
    {
        _all |= all;
        var everybody = _all && Volatile.Read(ref _running) == 0;
        if (everybody)
            _all = false;
        var active = activeSilos.ToHashSet(StringComparer.Ordinal);
        var lost = sessions.Channels
            .Where(c => c.Silo is { } silo && (everybody || (!active.Contains(silo) && !c.IsReattaching)))
            .ToList();
        if (lost.Count == 0)
            return Task.CompletedTask;

        Interlocked.Increment(ref _running);
        return RunAsync(lost);
    }

    private async Task RunAsync(List<Channel> lost)
    {
        try
        {
            Reattaching(lost.Count);
            var failed = (await Task.WhenAll(lost.Select(channel => channel.ReattachAsync()))).Count(attached => !attached);
            Reattached(lost.Count - failed, failed);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    [LoggerMessage(EventId = 1111, Level = LogLevel.Information, Message = "{Sessions} sessions lost their silo; attaching again")]
    private partial void Reattaching(int sessions);

    [LoggerMessage(EventId = 1112, Level = LogLevel.Information, Message = "{Attached} sessions attached again, {Failed} to be tried again")]
    private partial void Reattached(int attached, int failed);
}
