using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Changes.Bench;

/// <summary>A front-end without sockets: notes when sessions are pushed what is expected, and what else they are told.</summary>
internal sealed class PushLog : IFrontEndObserver
{
    private volatile Expectation? _expected;
    private long _pushes;
    private long _unexpected;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>All pushes so far.</summary>
    public long Pushes => Interlocked.Read(ref _pushes);

    /// <summary>Pushes to sessions of which none was expected, and sessions that were closed or lost.</summary>
    public long Unexpected => Interlocked.Read(ref _unexpected);

    /// <summary>Begins to wait for this event on each of these sessions. One expectation at a time.</summary>
    /// <returns>When the last of them came.</returns>
    public Task<long> ExpectAsync(IEnumerable<Guid> sessions, string eventName)
    {
        var expected = new Expectation([.. sessions], eventName);
        _expected = expected;
        return expected.Completed.WaitAsync(Plan.Patience, TimeProvider.System);
    }

    public Task Push(Guid sessionId, long sequence, string eventName, byte[] payload, ulong viewHash)
    {
        var now = Clock.Now();
        Interlocked.Increment(ref _pushes);
        if (_expected?.See(sessionId, eventName, now) != true)
            Interlocked.Increment(ref _unexpected);
        return Task.CompletedTask;
    }

    // Relays only, and there are none.
    public Task PushMany(Guid[] sessionIds, string eventName, byte[] payload) => Strange();

    public Task Reply(Guid sessionId, string requestRef, bool ok, byte[] response) => Strange();

    public Task Lost(Guid sessionId) => Strange();

    public Task CheckPushes(Guid[] sessionIds, long[] next) => Task.CompletedTask;

    public Task SiloLeft() => Task.CompletedTask;

    public Task Close(Guid sessionId, CloseReason reason) => Strange();

    public Task ShareConnectRate() => Task.CompletedTask;

    public Task<FrontEndReport> Report() => Task.FromResult(new FrontEndReport("1.0.0", "ready", 0, 0, 0, [], [], false, 0, 0, 0));

    public Task<DrainState> Drain(DrainOrder order) => GetDrain();

    public Task<DrainState> Resume(string by) => GetDrain();

    public Task<DrainState> GetDrain() => Task.FromResult(new DrainState(DrainPhase.Serving, 0));

    public Task<LogLevelOverride[]> SetLogLevel(LogLevelOrder order) => GetLogLevels();

    public Task<LogLevelOverride[]> GetLogLevels() => Task.FromResult<LogLevelOverride[]>([]);

    public Task<bool> Disconnect(Guid sessionId) => Task.FromResult(false);

    public Task<SocketState?> GetSocket(Guid sessionId) => Task.FromResult<SocketState?>(null);

    private Task Strange()
    {
        Interlocked.Increment(ref _unexpected);
        return Task.CompletedTask;
    }

    private sealed class Expectation(HashSet<Guid> sessions, string eventName)
    {
        private readonly TaskCompletionSource<long> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<Guid> _open = [.. sessions];

        public Task<long> Completed => _completed.Task;

        /// <returns>Whether the session is one of those.</returns>
        public bool See(Guid session, string name, long now)
        {
            if (!sessions.Contains(session))
                return false;
            lock (_open)
            {
                if (name == eventName && _open.Remove(session) && _open.Count == 0)
                    _completed.TrySetResult(now);
            }

            return true;
        }
    }
}
