using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Sites;

namespace Firezone.Grains.Sessions;

/// <summary>
/// The sessions whose grains are active on this silo, indexed by what an event may name. Grains add and remove themselves; the silo's
/// services look up whom an event concerns. Thread-safe; what is returned or filled is a copy.
/// </summary>
public sealed class LocalSessions
{
    private readonly Lock _lock = new();
    private readonly HashSet<LocalSession> _all = [];
    private readonly Dictionary<Guid, AccountSessions> _byAccount = [];
    private readonly Dictionary<Guid, Few<LocalSession>> _byToken = [];
    private readonly Dictionary<Guid, Few<LocalSession>> _byDevice = [];
    private readonly Dictionary<Guid, HashSet<LocalSession>> _byFrontEnd = [];
    private readonly Dictionary<Guid, Few<LocalSession>> _bySite = [];
    private readonly HashSet<LocalSession> _relays = [];

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
            if (!_all.Add(session))
                return;
            if (!_byFrontEnd.TryGetValue(session.FrontEndId, out var ofFrontEnd))
                _byFrontEnd[session.FrontEndId] = ofFrontEnd = [];
            ofFrontEnd.Add(session);
            CollectionsMarshal.GetValueRefOrAddDefault(_byToken, session.Owner.TokenId, out _).Add(session);
            CollectionsMarshal.GetValueRefOrAddDefault(_byDevice, session.GrainKey, out _).Add(session);
            if (session.Kind is SessionKind.Relay)
                _relays.Add(session);
            if (session.Owner.AccountId is { } account)
                (CollectionsMarshal.GetValueRefOrAddDefault(_byAccount, account, out _) ??= new()).Add(session);
        }
    }

    /// <summary>Removes a session; nothing happens if it is not there.</summary>
    public void Remove(LocalSession session)
    {
        lock (_lock)
        {
            if (!_all.Remove(session))
                return;
            if (_byFrontEnd.TryGetValue(session.FrontEndId, out var ofFrontEnd) && ofFrontEnd.Remove(session) && ofFrontEnd.Count == 0)
                _byFrontEnd.Remove(session.FrontEndId);
            RemoveFrom(_byToken, session.Owner.TokenId, session);
            RemoveFrom(_byDevice, session.GrainKey, session);
            if (session.Present is { } present)
                RemoveFrom(_bySite, present.SiteId, session);
            _relays.Remove(session);
            if (session.Owner.AccountId is { } account && _byAccount.TryGetValue(account, out var ofAccount))
            {
                ofAccount.Remove(session);
                if (ofAccount.IsEmpty)
                    _byAccount.Remove(account);
            }
        }
    }

    /// <summary>All sessions.</summary>
    public LocalSession[] All()
    {
        lock (_lock)
            return [.. _all];
    }

    /// <summary>At most so many sessions, whichever, other than those.</summary>
    public List<LocalSession> Some(int count, IReadOnlySet<LocalSession> except)
    {
        lock (_lock)
            return [.. _all.Where(session => !except.Contains(session)).Take(count)];
    }

    /// <summary>What a gateway is about to tell its site, once. Nothing happens if its session is not here.</summary>
    internal void Announce(LocalSession session, PresentGateway present)
    {
        lock (_lock)
        {
            if (!_all.Contains(session))
                return;
            session.Present = present;
            CollectionsMarshal.GetValueRefOrAddDefault(_bySite, present.SiteId, out _).Add(session);
        }
    }

    /// <summary>What the gateways of a site that are here have told it, or are about to.</summary>
    public GatewayPresence[] GatewaysAt(Guid siteId)
    {
        lock (_lock)
        {
            var found = new List<LocalSession>();
            if (_bySite.TryGetValue(siteId, out var sessions))
                sessions.CopyTo(found);
            return [.. found.Select(session => session.Present!.Presence)];
        }
    }

    /// <summary>All relays' sessions.</summary>
    public LocalSession[] Relays()
    {
        lock (_lock)
            return [.. _relays];
    }

    /// <summary>Whether the session is still here.</summary>
    public bool Contains(LocalSession session)
    {
        lock (_lock)
            return _all.Contains(session);
    }

    /// <summary>Whether the account has a session here.</summary>
    public bool HasAccount(Guid accountId)
    {
        lock (_lock)
            return _byAccount.ContainsKey(accountId);
    }

    /// <summary>The account's sessions.</summary>
    public List<LocalSession> OfAccount(Guid accountId)
    {
        var found = ClientsOf(accountId);
        found.AddRange(GatewaysOf(accountId));
        return found;
    }

    /// <summary>The account's clients.</summary>
    public List<LocalSession> ClientsOf(Guid accountId)
    {
        lock (_lock)
            return _byAccount.TryGetValue(accountId, out var sessions) ? sessions.Clients() : [];
    }

    /// <summary>The account's gateways.</summary>
    public List<LocalSession> GatewaysOf(Guid accountId)
    {
        lock (_lock)
            return _byAccount.TryGetValue(accountId, out var sessions) ? sessions.Gateways() : [];
    }

    /// <summary>
    /// Adds the sessions of those actors that have one here. Costs as much as the smaller of the two: the actors asked for, or the account's
    /// actors with a session here.
    /// </summary>
    public void AddOfActors(Guid accountId, IReadOnlyCollection<Guid> actors, Func<Guid, bool> contains, ICollection<LocalSession> target)
    {
        lock (_lock)
        {
            if (_byAccount.TryGetValue(accountId, out var sessions))
                sessions.AddOfActors(actors, contains, target);
        }
    }

    /// <summary>Adds the sessions with this token.</summary>
    public void AddOfToken(Guid tokenId, ICollection<LocalSession> target)
    {
        lock (_lock)
        {
            if (_byToken.TryGetValue(tokenId, out var sessions))
                sessions.CopyTo(target);
        }
    }

    /// <summary>Adds the session of this device or relay.</summary>
    public void AddOfDevice(Guid deviceId, ICollection<LocalSession> target)
    {
        lock (_lock)
        {
            if (_byDevice.TryGetValue(deviceId, out var sessions))
                sessions.CopyTo(target);
        }
    }

    /// <summary>The session of this device, if its activation is one of <typeparamref name="TGrain"/> and takes calls.</summary>
    internal LocalSession? FindDevice<TGrain>(Guid deviceId)
        where TGrain : class
    {
        lock (_lock)
            return _byDevice.TryGetValue(deviceId, out var sessions) && sessions.Only is { } session && session.Takes<TGrain>() ? session : null;
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

    internal static void RemoveFrom(Dictionary<Guid, Few<LocalSession>> index, Guid key, LocalSession session)
    {
        ref var sessions = ref CollectionsMarshal.GetValueRefOrNullRef(index, key);
        if (Unsafe.IsNullRef(ref sessions))
            return;
        sessions.Remove(session);
        if (sessions.IsEmpty)
            index.Remove(key);
    }
}
