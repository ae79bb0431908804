using Firezone.Grains.Sessions;

namespace Firezone.Grains.Changes;

/// <summary>
/// Sessions whose credentials may have been revoked without this silo having seen it: the account was read as a whole, or the session was
/// admitted before this silo's history begins. <see cref="ChangeWatch"/> asks the database about them at once, many in one statement.
/// Thread-safe.
/// </summary>
public sealed class DoubtfulSessions
{
    private readonly Lock _lock = new();
    private HashSet<LocalSession> _sessions = [];
    private TaskCompletionSource _some = NewSignal();

    /// <summary>Completes when there are any.</summary>
    public Task Some
    {
        get
        {
            lock (_lock)
                return _some.Task;
        }
    }

    /// <summary>Adds sessions to be asked about.</summary>
    public void Add(IEnumerable<LocalSession> sessions)
    {
        lock (_lock)
        {
            _sessions.UnionWith(sessions);
            if (_sessions.Count > 0)
                _some.TrySetResult();
        }
    }

    /// <summary>Takes all of them.</summary>
    public IReadOnlyCollection<LocalSession> TakeAll()
    {
        lock (_lock)
        {
            var taken = _sessions;
            if (taken.Count > 0)
            {
                _sessions = [];
                _some = NewSignal();
            }

            return taken;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
