using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Firezone.Grains.Accounts;
using Firezone.Wire.Gateway;

namespace Firezone.Grains.Gateways;

/// <summary>
/// What one gateway currently serves: (client, resource) to authorizations and their expiries. Several authorizations of one pair are
/// alternatives: the pair is served until the latest of them ends. Not thread-safe, except for <see cref="Ids"/>.
/// </summary>
/// <remarks>Costs about 80 bytes for a pair and 32 for each further authorization of it, plus the room for growth.</remarks>
public sealed class AuthorizationMap
{
    // By resource first: a changed resource concerns all of its clients, and a client id is stored once per pair without the resource's.
    private readonly Dictionary<Guid, Dictionary<Guid, AuthorizationSet>> _resources = [];
    private long _nextExpiry = long.MaxValue;

    /// <summary>Authorizations, expired ones included until they are pruned.</summary>
    public int Count { get; private set; }

    /// <summary>Pairs of client and resource.</summary>
    public int PairCount { get; private set; }

    /// <summary>What the authorizations rest on. Thread-safe.</summary>
    public GrantedIds Ids { get; } = new();

    /// <summary>
    /// The next instant at which <see cref="Prune"/> can have something to do, null if empty. Never late; early when the authorization that
    /// would have ended first was removed, until the next prune.
    /// </summary>
    public DateTimeOffset? NextExpiry => Count == 0 ? null : new DateTimeOffset(_nextExpiry, TimeSpan.Zero);

    /// <summary>Adds an authorization, or replaces the one with its id.</summary>
    public void Add(Grant grant)
    {
        ref var clients = ref CollectionsMarshal.GetValueRefOrAddDefault(_resources, grant.ResourceId, out _);
        clients ??= [];
        ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(clients, grant.ClientId, out var known);
        if (!known)
            PairCount++;
        if (set.Add(grant.Id, grant.ExpiresAt.UtcTicks, grant.Basis) is { } before)
            Ids.Remove(grant.ClientId, grant.ResourceId, before);
        else
            Count++;
        Ids.Add(grant.ClientId, grant.ResourceId, grant.Basis);
        _nextExpiry = Math.Min(_nextExpiry, grant.ExpiresAt.UtcTicks);
    }

    /// <summary>Removes one authorization and says what is left of its pair.</summary>
    public AuthorizationRemoval Remove(Guid clientId, Guid resourceId, Guid authorizationId)
    {
        if (!_resources.TryGetValue(resourceId, out var clients))
            return default;

        ref var set = ref CollectionsMarshal.GetValueRefOrNullRef(clients, clientId);
        if (Unsafe.IsNullRef(ref set) || set.Remove(authorizationId) is not { } basis)
            return default;

        Ids.Remove(clientId, resourceId, basis);
        Count--;
        if (set.Count > 0)
            return new AuthorizationRemoval(AuthorizationRemovalOutcome.Remaining, new DateTimeOffset(set.Latest, TimeSpan.Zero));

        Forget(clientId, resourceId, clients);
        ResetIfEmpty();
        return new AuthorizationRemoval(AuthorizationRemovalOutcome.Last, null);
    }

    /// <summary>The authorizations that a change takes away. Looks at everything.</summary>
    public List<Grant> LostBy(AccountImpact impact) =>
        Where((clientId, resourceId, entry) => entry.Basis.IsLostBy(impact, clientId, resourceId));

    /// <summary>Whether the authorization is held.</summary>
    public bool Holds(Guid clientId, Guid resourceId, Guid authorizationId) =>
        _resources.TryGetValue(resourceId, out var clients)
        && clients.TryGetValue(clientId, out var set)
        && set.Contains(authorizationId);

    /// <summary>The authorizations that are in the set.</summary>
    public List<Grant> Among(IReadOnlySet<Guid> authorizationIds) =>
        authorizationIds.Count == 0 ? [] : Where((_, _, entry) => authorizationIds.Contains(entry.Id));

    /// <summary>The authorizations whose ids are not among the keys.</summary>
    public List<Grant> Except<T>(IReadOnlyDictionary<Guid, T> authorizations) => Where((_, _, entry) => !authorizations.ContainsKey(entry.Id));

    /// <summary>Drops what ends at or before <paramref name="now"/>; returns how many. Looks at everything.</summary>
    public int Prune(DateTimeOffset now)
    {
        var expired = Where((_, _, entry) => entry.Expiry <= now.UtcTicks);
        foreach (var grant in expired)
            Remove(grant.ClientId, grant.ResourceId, grant.Id);
        _nextExpiry = long.MaxValue;
        foreach (var clients in _resources.Values)
        {
            foreach (var set in clients.Values)
                _nextExpiry = Math.Min(_nextExpiry, set.Earliest);
            TrimIfSparse(clients);
        }

        return expired.Count;
    }

    /// <summary>The latest expiry of a pair, or null if it is not served.</summary>
    public DateTimeOffset? ExpiryOf(Guid clientId, Guid resourceId) =>
        _resources.TryGetValue(resourceId, out var clients) && clients.TryGetValue(clientId, out var set)
            ? new DateTimeOffset(set.Latest, TimeSpan.Zero)
            : null;

    /// <summary>The latest revision of the resource that the gateway was told for a pair that is served; 0 if it is not served.</summary>
    public long ToldRevisionOf(Guid clientId, Guid resourceId) =>
        _resources.TryGetValue(resourceId, out var clients) && clients.TryGetValue(clientId, out var set) ? set.ToldRevision : 0;

    /// <summary>The resources that are served, in no order. A copy.</summary>
    public Guid[] Resources() => [.. _resources.Keys];

    /// <summary>
    /// Every pair that ends after <paramref name="now"/> and whose resource has not been altered since the gateway was told of it, in no
    /// order. A copy.
    /// </summary>
    /// <param name="now">Session time.</param>
    /// <param name="revisionOf">The present revision of a resource; 0 if it is not known.</param>
    public List<AuthorizationEntry> Snapshot(DateTimeOffset now, Func<Guid, long> revisionOf)
    {
        var pairs = new List<AuthorizationEntry>(PairCount);
        foreach (var (resourceId, clients) in _resources)
        {
            var revision = revisionOf(resourceId);
            foreach (var (clientId, set) in clients)
            {
                var latest = set.Latest;
                if (latest > now.UtcTicks && set.ToldRevision >= revision)
                    pairs.Add(new AuthorizationEntry(clientId, resourceId, new DateTimeOffset(latest, TimeSpan.Zero)));
            }
        }

        return pairs;
    }

    private List<Grant> Where(Func<Guid, Guid, AuthorizationSet.Entry, bool> condition)
    {
        var found = new List<Grant>();
        foreach (var (resourceId, clients) in _resources)
        {
            foreach (var (clientId, set) in clients)
            {
                for (var i = 0; i < set.Count; i++)
                {
                    var entry = set[i];
                    if (condition(clientId, resourceId, entry))
                        found.Add(new Grant(entry.Id, clientId, resourceId, new DateTimeOffset(entry.Expiry, TimeSpan.Zero), entry.Basis));
                }
            }
        }

        return found;
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
