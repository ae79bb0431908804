using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Firezone.Wire.Gateway;

namespace Firezone.Grains.Gateways;

/// <summary>
/// What one gateway currently serves: (client, resource) to authorizations and their expiries. Several authorizations of one pair are
/// alternatives: the pair is served until the latest of them ends. Not thread-safe.
/// </summary>
/// <remarks>Costs about 70 bytes for a pair and 24 for each further authorization of it, plus the room for growth.</remarks>
public sealed class AuthorizationMap
{
    // By resource first: a changed resource concerns all of its clients, and a client id is stored once per pair without the resource's.
    private readonly Dictionary<Guid, Dictionary<Guid, AuthorizationSet>> _resources = [];
    private long _nextExpiry = long.MaxValue;

    /// <summary>Authorizations, expired ones included until they are pruned.</summary>
    public int Count { get; private set; }

    /// <summary>Pairs of client and resource.</summary>
    public int PairCount { get; private set; }

    /// <summary>
    /// The next instant at which <see cref="Prune"/> can have something to do, null if empty. Never late; early when the authorization that
    /// would have ended first was removed, until the next prune.
    /// </summary>
    public DateTimeOffset? NextExpiry => Count == 0 ? null : new DateTimeOffset(_nextExpiry, TimeSpan.Zero);

    /// <summary>Adds an authorization, or moves the expiry of a known one.</summary>
    public void Add(Guid clientId, Guid resourceId, Guid authorizationId, DateTimeOffset expiresAt)
    {
        ref var clients = ref CollectionsMarshal.GetValueRefOrAddDefault(_resources, resourceId, out _);
        clients ??= [];
        ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(clients, clientId, out var known);
        if (!known)
            PairCount++;
        if (set.Add(authorizationId, expiresAt.UtcTicks))
            Count++;
        _nextExpiry = Math.Min(_nextExpiry, expiresAt.UtcTicks);
    }

    /// <summary>Removes one authorization and says what is left of its pair.</summary>
    public AuthorizationRemoval Remove(Guid clientId, Guid resourceId, Guid authorizationId)
    {
        if (!_resources.TryGetValue(resourceId, out var clients))
            return default;

        ref var set = ref CollectionsMarshal.GetValueRefOrNullRef(clients, clientId);
        if (Unsafe.IsNullRef(ref set) || !set.Remove(authorizationId))
            return default;

        Count--;
        if (set.Count > 0)
            return new AuthorizationRemoval(AuthorizationRemovalOutcome.Remaining, new DateTimeOffset(set.Latest, TimeSpan.Zero));

        Forget(clientId, resourceId, clients);
        ResetIfEmpty();
        return new AuthorizationRemoval(AuthorizationRemovalOutcome.Last, null);
    }

    /// <summary>Removes all authorizations of a pair. False if there was none.</summary>
    public bool RemovePair(Guid clientId, Guid resourceId)
    {
        if (!_resources.TryGetValue(resourceId, out var clients) || !clients.TryGetValue(clientId, out var set))
            return false;

        Count -= set.Count;
        Forget(clientId, resourceId, clients);
        ResetIfEmpty();
        return true;
    }

    /// <summary>Removes every authorization that is not in the set.</summary>
    public void RetainOnly(IReadOnlySet<Guid> authorizationIds)
    {
        foreach (var (resourceId, clients) in _resources)
        {
            // A dictionary may lose entries while it is enumerated.
            foreach (var clientId in clients.Keys)
            {
                ref var set = ref CollectionsMarshal.GetValueRefOrNullRef(clients, clientId);
                Count -= set.RetainOnly(authorizationIds);
                if (set.Count == 0)
                    Forget(clientId, resourceId, clients);
            }
        }

        ResetIfEmpty();
    }

    /// <summary>Drops what ends at or before <paramref name="now"/>; returns how many. Looks at everything.</summary>
    public int Prune(DateTimeOffset now)
    {
        var before = Count;
        _nextExpiry = long.MaxValue;
        foreach (var (resourceId, clients) in _resources)
        {
            // A dictionary may lose entries while it is enumerated.
            foreach (var clientId in clients.Keys)
            {
                ref var set = ref CollectionsMarshal.GetValueRefOrNullRef(clients, clientId);
                Count -= set.RemoveExpired(now.UtcTicks);
                if (set.Count == 0)
                    Forget(clientId, resourceId, clients);
                else
                    _nextExpiry = Math.Min(_nextExpiry, set.Earliest);
            }

            if (clients.Count > 0)
                TrimIfSparse(clients);
        }

        return before - Count;
    }

    /// <summary>The latest expiry of a pair, or null if it is not served.</summary>
    public DateTimeOffset? ExpiryOf(Guid clientId, Guid resourceId) =>
        _resources.TryGetValue(resourceId, out var clients) && clients.TryGetValue(clientId, out var set)
            ? new DateTimeOffset(set.Latest, TimeSpan.Zero)
            : null;

    /// <summary>The clients that are served a resource, in no order. A copy: the map may be changed meanwhile.</summary>
    public Guid[] ClientsOf(Guid resourceId) => _resources.TryGetValue(resourceId, out var clients) ? [.. clients.Keys] : [];

    /// <summary>The resources that are served, in no order. A copy.</summary>
    public Guid[] Resources() => [.. _resources.Keys];

    /// <summary>Every pair that ends after <paramref name="now"/>, in no order. A copy.</summary>
    public List<AuthorizationEntry> Snapshot(DateTimeOffset now)
    {
        var pairs = new List<AuthorizationEntry>(PairCount);
        foreach (var (resourceId, clients) in _resources)
        {
            foreach (var (clientId, set) in clients)
            {
                var latest = set.Latest;
                if (latest > now.UtcTicks)
                    pairs.Add(new AuthorizationEntry(clientId, resourceId, new DateTimeOffset(latest, TimeSpan.Zero)));
            }
        }

        return pairs;
    }

    private void Forget(Guid clientId, Guid resourceId, Dictionary<Guid, AuthorizationSet> clients)
    {
        clients.Remove(clientId);
        PairCount--;
        if (clients.Count == 0)
            _resources.Remove(resourceId);
    }

    private void ResetIfEmpty()
    {
        if (Count == 0)
            _nextExpiry = long.MaxValue;
    }

    private static void TrimIfSparse(Dictionary<Guid, AuthorizationSet> clients)
    {
        if (clients.Capacity > 64 && clients.Count < clients.Capacity / 4)
            clients.TrimExcess(clients.Count * 2);
    }
}
