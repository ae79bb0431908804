using System.Collections.Concurrent;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Admin.Tests.Support;

/// <summary>A front-end without sockets that answers operators as a test says.</summary>
public sealed class TestFrontEnd : IFrontEndObserver
{
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Sessions that it claims to have.</summary>
    public ConcurrentDictionary<Guid, SocketState> Sockets { get; } = new();

    /// <summary>What it waits for before it answers.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    public async Task<bool> Disconnect(Guid sessionId)
    {
        await Answering;
        return Sockets.TryRemove(sessionId, out _);
    }

    public async Task<SocketState?> GetSocket(Guid sessionId)
    {
        await Answering;
        return Sockets.GetValueOrDefault(sessionId);
    }

    public Task<FrontEndReport> Report() => Task.FromResult(new FrontEndReport("1.0.0", "ready", 0, 0, 0, [], [], false, 0, 0, 0));

    public Task CheckPushes(Guid[] sessionIds, long[] next) => Task.CompletedTask;

    public Task SiloLeft() => Task.CompletedTask;

    /// <summary>How it was told to drain.</summary>
    public DrainOrder? Order { get; private set; }

    /// <summary>Whether it is stopping.</summary>
    public bool Stops { get; set; }

    public Task<DrainState> Drain(DrainOrder order)
    {
        Order = Stops ? Order : order;
        return GetDrain();
    }

    public Task<DrainState> Resume(string by)
    {
        Order = Stops ? Order : null;
        return GetDrain();
    }

    public async Task<DrainState> GetDrain()
    {
        await Answering;
        return Stops ? new DrainState(DrainPhase.Stopping, 0)
            : Order is { } order ? new DrainState(DrainPhase.Draining, 5, 10, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, order.By)
            : new DrainState(DrainPhase.Serving, 10);
    }

    /// <summary>What it logs otherwise than configured.</summary>
    public ConcurrentDictionary<string, LogLevelOrder> Levels { get; } = new();

    public async Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order)
    {
        if (order.Level is null)
            Levels.TryRemove(order.Category, out _);
        else
            Levels[order.Category] = order;
        return await GetLogLevels();
    }

    public async Task<LogLevelOverride[]> GetLogLevels()
    {
        await Answering;
        return [.. Levels.Values.Select(order => new LogLevelOverride(order.Category, order.Level!, DateTimeOffset.UnixEpoch + order.For, order.By))];
    }

    public Task Push(Guid sessionId, long sequence, string eventName, byte[] payload, ulong viewHash) => Task.CompletedTask;

    public Task PushMany(Guid[] sessionIds, string eventName, byte[] payload) => Task.CompletedTask;

    public Task Reply(Guid sessionId, string requestRef, bool ok, byte[] response) => Task.CompletedTask;

    public Task Lost(Guid sessionId) => Task.CompletedTask;

    public Task Close(Guid sessionId, CloseReason reason) => Task.CompletedTask;

    public Task ShareConnectRate() => Task.CompletedTask;
}
