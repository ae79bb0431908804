using Firezone.Gateway.WebSockets.Channels;
using Firezone.Gateway.WebSockets.Draining;
using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>Takes what grains send to this process's sockets. Queues and returns; never waits for a socket, never throws.</summary>
internal sealed class FrontEndObserver(
    SessionRegistry sessions,
    ClusterMotion motion,
    ConnectRateLimiter rateLimiter,
    OperatorDrain drain,
    ILogLevels levels,
    FrontEndMetrics metrics,
    FrontEndReporter reporter) : IFrontEndObserver
{
    public Task Push(Guid sessionId, long sequence, string eventName, byte[] payload, ulong viewHash)
    {
        if (sessions.Find(sessionId) is { } channel)
            channel.Push(sequence, eventName, payload, viewHash);
        else
            metrics.PushDropped();
        return Task.CompletedTask;
    }

    public Task CheckPushes(Guid[] sessionIds, long[] next)
    {
        for (var i = 0; i < Math.Min(sessionIds.Length, next.Length); i++)
            sessions.Find(sessionIds[i])?.CheckPushes(next[i]);
        return Task.CompletedTask;
    }

    public Task PushMany(Guid[] sessionIds, string eventName, byte[] payload)
    {
        var encoder = new SharedPush(eventName, payload);
        foreach (var id in sessionIds)
        {
            if (sessions.Find(id) is { } channel)
                channel.Push(encoder);
            else
                metrics.PushDropped();
        }

        return Task.CompletedTask;
    }

    public Task Reply(Guid sessionId, string requestRef, bool ok, byte[] response)
    {
        sessions.Find(sessionId)?.Reply(requestRef, ok, response);
        return Task.CompletedTask;
    }

    public Task Lost(Guid sessionId)
    {
        sessions.Find(sessionId)?.Lost();
        return Task.CompletedTask;
    }

    public Task SiloLeft()
    {
        motion.NoteLeave();
        return Task.CompletedTask;
    }

    public Task Close(Guid sessionId, CloseReason reason)
    {
        sessions.Find(sessionId)?.Close(reason);
        return Task.CompletedTask;
    }

    public Task ShareConnectRate() => rateLimiter.ShareAsync();

    public Task<FrontEndReport> Report() => Task.FromResult(reporter.Make());

    public Task<bool> Disconnect(Guid sessionId)
    {
        var channel = sessions.Find(sessionId);
        channel?.Close(CloseReason.Disconnected);
        return Task.FromResult(channel is not null);
    }

    public Task<DrainState> Drain(DrainOrder order) => Task.FromResult(drain.Begin(order));

    public Task<DrainState> Resume(string by) => Task.FromResult(drain.Resume(by));

    public Task<DrainState> GetDrain() => Task.FromResult(drain.Describe());

    public Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order)
    {
        levels.Set(order);
        return GetLogLevels();
    }

    public Task<LogLevelOverride[]> GetLogLevels() => Task.FromResult(levels.List());

    public Task<SocketState?> GetSocket(Guid sessionId) => Task.FromResult(sessions.Find(sessionId)?.Describe());
}
