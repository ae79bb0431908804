using System.Collections.Concurrent;
using System.Collections.Frozen;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>
/// The configuration of one account at one version, indexed for what sessions ask. Held once per silo and shared by all sessions of the
/// account. Immutable; safe for any thread.
/// </summary>
public sealed class AccountSnapshot
{
    private readonly FrozenDictionary<Guid, (Guid GroupId, Guid MembershipId)[]> _memberships;
    private readonly FrozenDictionary<Guid, SnapshotPolicy[]> _policiesByGroup;
    private readonly Guid? _everyone;
    private readonly ConcurrentDictionary<GroupKey, PolicySet> _policySets = new();

    internal AccountSnapshot(
        AccountData data,
        FrozenDictionary<Guid, (Guid GroupId, Guid MembershipId)[]> memberships,
        FrozenDictionary<Guid, SnapshotPolicy[]> policiesByGroup,
        Guid? everyone)
    {
        Id = data.Id;
        Version = data.Version;
        Slug = data.Slug;
        Config = data.Config;
        _memberships = memberships;
        _policiesByGroup = policiesByGroup;
        _everyone = everyone;
    }

    /// <summary>Account id.</summary>
    public Guid Id { get; }

    /// <summary>Commit order of the account's changes, without gaps.</summary>
    public long Version { get; }

    /// <summary>Short name, shown to gateways.</summary>
    public string Slug { get; }

    /// <summary>DNS and search domain settings.</summary>
    public AccountConfig Config { get; }

    /// <summary>The policies of an actor.</summary>
    /// <param name="actorId">The actor.</param>
    /// <param name="includeEveryone">False for service accounts: they need explicit memberships.</param>
    public PolicySet PoliciesOf(Guid actorId, bool includeEveryone)
    {
        var groups = _memberships.TryGetValue(actorId, out var own) ? own.Select(m => m.GroupId) : [];
        if (includeEveryone && _everyone is { } everyone)
            groups = groups.Append(everyone);
        // Groups without policies do not distinguish actors.
        var key = new GroupKey([.. groups.Where(_policiesByGroup.ContainsKey).Distinct().Order()]);
        return _policySets.GetOrAdd(key, static (k, byGroup) => new PolicySet(k.Groups.SelectMany(g => byGroup[g])), _policiesByGroup);
    }

    /// <summary>Whether the actor is in the group, and through which membership (null for Everyone).</summary>
    public bool TryGetMembership(Guid actorId, Guid groupId, bool includeEveryone, out Guid? membershipId)
    {
        membershipId = null;
        if (includeEveryone && groupId == _everyone)
            return true;
        if (!_memberships.TryGetValue(actorId, out var own))
            return false;
        foreach (var membership in own)
        {
            if (membership.GroupId != groupId)
                continue;
            membershipId = membership.MembershipId;
            return true;
        }

        return false;
    }

    /// <summary>A sorted set of groups, compared by content.</summary>
    private readonly struct GroupKey(Guid[] groups) : IEquatable<GroupKey>
    {
        public Guid[] Groups { get; } = groups;

        public bool Equals(GroupKey other) => Groups.AsSpan().SequenceEqual(other.Groups);

        public override bool Equals(object? obj) => obj is GroupKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var group in Groups)
                hash.Add(group);
            return hash.ToHashCode();
        }
    }
}
