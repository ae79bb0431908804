namespace Firezone.Grains.Sessions;

/// <summary>
/// The sessions whose grains are active on this silo, by account and by front-end. Grains add and remove themselves; the silo's
/// services look up whom an event concerns. Thread-safe; lists are copies.
/// </summary>
public sealed class LocalSessions
{
    private readonly Lock _lock = new();
    private readonly HashSet<LocalSession> _all = [];
    private readonly Dictionary<Guid, HashSet<LocalSession>> _byAccount = [];
    private readonly Dictionary<Guid, HashSet<LocalSession>> _byFrontEnd = [];

    /// <summary>How many sessions there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    /// <summary>Adds a session.</summary>
    public void Add(LocalSession session)
    {
        lock (_lock)
        {
            _all.Add(session);
            Index(_byFrontEnd, session.FrontEndId, session);
            if (session.AccountId is { } account)
                Index(_byAccount, account, session);
        }
    }

    /// <summary>Removes a session; nothing happens if it is not there.</summary>
    public void Remove(LocalSession session)
    {
        lock (_lock)
        {
            if (!_all.Remove(session))
                return;
            Unindex(_byFrontEnd, session.FrontEndId, session);
            if (session.AccountId is { } account)
                Unindex(_byAccount, account, session);
        }
    }

    /// <summary>All sessions.</summary>
    public LocalSession[] All()
    {
        lock (_lock)
            return [.. _all];
    }

    /// <summary>Whether the account has a session here.</summary>
    public bool HasAccount(Guid accountId)
    {
        lock (_lock)
            return _byAccount.ContainsKey(accountId);
    }

    /// <summary>The account's sessions.</summary>
    public LocalSession[] OfAccount(Guid accountId)
    {
        lock (_lock)
            return _byAccount.TryGetValue(accountId, out var sessions) ? [.. sessions] : [];
    }

    /// <summary>The front-ends that have sessions here.</summary>
    public Guid[] FrontEnds()
    {
        lock (_lock)
            return [.. _byFrontEnd.Keys];
    }

    /// <summary>The front-end's sessions.</summary>
    public LocalSession[] OfFrontEnd(Guid frontEndId)
    {
        lock (_lock)
            return _byFrontEnd.TryGetValue(frontEndId, out var sessions) ? [.. sessions] : [];
    }

    private static void Index(Dictionary<Guid, HashSet<LocalSession>> index, Guid key, LocalSession session)
    {
        if (!index.TryGetValue(key, out var set))
            index[key] = set = [];
        set.Add(session);
    }

    private static void Unindex(Dictionary<Guid, HashSet<LocalSession>> index, Guid key, LocalSession session)
    {
        if (index.TryGetValue(key, out var set) && set.Remove(session) && set.Count == 0)
            index.Remove(key);
    }
}
