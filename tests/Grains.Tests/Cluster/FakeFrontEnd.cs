using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Tests.Cluster;

/// <summary>A front-end without sockets: keeps what grains push, per session.</summary>
internal sealed class FakeFrontEnd : IFrontEndObserver
{
    private readonly ConcurrentDictionary<Guid, Channel<Received>> _sessions = new();
    private readonly ConcurrentDictionary<Guid, Order> _orders = new();

    public Guid Id { get; } = Guid.NewGuid();

    public int PushCount;

    public Task Push(Guid sessionId, long sequence, string eventName, byte[] payload, ulong viewHash)
    {
        Interlocked.Increment(ref PushCount);
        var order = _orders.GetOrAdd(sessionId, static _ => new Order());
        lock (order)
        {
            order.Early[sequence] = new Received(eventName, JsonNode.Parse(payload), viewHash, sequence);
            order.Flush(Of(sessionId).Writer);
        }

        return Task.CompletedTask;
    }

    /// <summary>Must be told of every attach, as pushes come in no particular order and are put right by their numbers.</summary>
    public void Begin(Guid sessionId, long firstPush)
    {
        var order = _orders.GetOrAdd(sessionId, static _ => new Order());
        lock (order)
        {
            order.Next = firstPush;
            order.Flush(Of(sessionId).Writer);
        }
    }

    public Task PushMany(Guid[] sessionIds, string eventName, byte[] payload)
    {
        foreach (var id in sessionIds)
            Of(id).Writer.TryWrite(new Received(eventName, JsonNode.Parse(payload), 0));
        return Task.CompletedTask;
    }

    public Task Reply(Guid sessionId, string requestRef, bool ok, byte[] response)
    {
        Of(sessionId).Writer.TryWrite(new Received($"reply:{requestRef}:{(ok ? "ok" : "error")}", JsonNode.Parse(response), 0));
        return Task.CompletedTask;
    }

    public Task Lost(Guid sessionId)
    {
        Of(sessionId).Writer.TryWrite(new Received("lost", null, 0));
        OnLost(sessionId);
        return Task.CompletedTask;
    }

    /// <summary>Runs when a session's activation has ended.</summary>
    public Action<Guid> OnLost { get; set; } = _ => { };

    /// <summary>How often a silo has left.</summary>
    public int SiloLeaves;

    public Task CheckPushes(Guid[] sessionIds, long[] next)
    {
        foreach (var (id, number) in sessionIds.Zip(next))
            Checked[id] = number;
        return Task.CompletedTask;
    }

    /// <summary>What each session must have, as said last: the number of the next push.</summary>
    public ConcurrentDictionary<Guid, long> Checked { get; } = new();

    public Task SiloLeft()
    {
        Interlocked.Increment(ref SiloLeaves);
        return Task.CompletedTask;
    }

    public Task Close(Guid sessionId, CloseReason reason)
    {
        Of(sessionId).Writer.TryWrite(new Received($"close:{reason}", null, 0));
        return Task.CompletedTask;
    }

    /// <summary>Runs when another front-end is about to be let in.</summary>
    public Func<Task> OnShare { get; set; } = () => Task.CompletedTask;

    public Task ShareConnectRate() => OnShare();

    public Task<FrontEndReport> Report() => OnReport();

    /// <summary>What is answered to operators.</summary>
    public Func<Task<FrontEndReport>> OnReport { get; set; } =
        () => Task.FromResult(new FrontEndReport("1.0.0", "ready", 0, 0, 0, [], [], false, 0, 0, 0));

    public Task<DrainState> Drain(DrainOrder order) => GetDrain();

    public Task<DrainState> Resume(string by) => GetDrain();

    public Task<DrainState> GetDrain() => Task.FromResult(new DrainState(DrainPhase.Serving, 0));

    public Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order) => GetLogLevels();

    public Task<LogLevelOverride[]> GetLogLevels() => Task.FromResult<LogLevelOverride[]>([]);

    public Task<bool> Disconnect(Guid sessionId) => Task.FromResult(false);

    public Task<SocketState?> GetSocket(Guid sessionId) => Task.FromResult<SocketState?>(null);

    /// <summary>The session's next message; fails the test when none comes within a minute.</summary>
    public async Task<Received> NextAsync(Guid sessionId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return await Of(sessionId).Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"Nothing was pushed to session {sessionId} within 60 s.");
        }
    }

    /// <summary>The session's next message, which must be this event.</summary>
    public async Task<JsonNode?> NextAsync(Guid sessionId, string eventName)
    {
        var received = await NextAsync(sessionId);
        Assert.Equal(eventName, received.Event);
        return received.Payload;
    }

    /// <summary>The session's next message, if it has come already.</summary>
    public bool TryTake(Guid sessionId, [MaybeNullWhen(false)] out Received received) => Of(sessionId).Reader.TryRead(out received);

    /// <summary>Whether nothing waits to be read.</summary>
    public bool IsSilent(Guid sessionId) => !Of(sessionId).Reader.TryPeek(out _);

    /// <summary>Completes when something waits to be read.</summary>
    public async Task WhenReceivedAsync(Guid sessionId, CancellationToken ct) => await Of(sessionId).Reader.WaitToReadAsync(ct);

    private Channel<Received> Of(Guid sessionId) => _sessions.GetOrAdd(sessionId, static _ => Channel.CreateUnbounded<Received>());

    internal sealed record Received(string Event, JsonNode? Payload, ulong ViewHash, long Sequence = 0);

    private sealed class Order
    {
        public SortedList<long, Received> Early { get; } = [];

        public long Next { get; set; }

        public void Flush(ChannelWriter<Received> writer)
        {
            while (Next != 0 && Early.Count > 0 && Early.GetKeyAtIndex(0) <= Next)
            {
                if (Early.GetKeyAtIndex(0) == Next)
                {
                    writer.TryWrite(Early.GetValueAtIndex(0));
                    Next++;
                }

                Early.RemoveAt(0);
            }
        }
    }
}
