using System.Collections.Immutable;

namespace Firezone.Grains.Accounts;

/// <summary>
/// What clients of one snapshot may connect to by groups without any condition: neither the client nor the time matters then, and most
/// clients of an account share few combinations of groups. Of a bounded size: a combination may displace another one. Thread-safe, without
/// a lock.
/// </summary>
internal sealed class ConnectableMemo
{
    private const int Places = 64;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>The set for these groups, if it is known.</summary>
    public ConnectableSet? Find(ImmutableArray<SnapshotMembership> groups, bool everyone, ResourceVariant variant)
    {
        var entry = Volatile.Read(ref _entries[Place(groups, everyone, variant)]);
        return entry is not null && entry.Everyone == everyone && entry.Set.Variant == variant && AreSame(entry.Groups, groups) ? entry.Set : null;
    }

    /// <summary>Keeps the set of these groups.</summary>
    public void Keep(ImmutableArray<SnapshotMembership> groups, bool everyone, ConnectableSet set) =>
        Volatile.Write(ref _entries[Place(groups, everyone, set.Variant)], new Entry(groups, everyone, set));

    private static int Place(ImmutableArray<SnapshotMembership> groups, bool everyone, ResourceVariant variant)
    {
        var hash = ((int)variant * 2) + (everyone ? 1 : 0);
        foreach (var group in groups)
            hash = (hash * 31) + group.GroupId.GetHashCode();
        return (int)((uint)hash % Places);
    }

    private static bool AreSame(ImmutableArray<SnapshotMembership> a, ImmutableArray<SnapshotMembership> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i].GroupId != b[i].GroupId)
                return false;
        }

        return true;
    }

    private sealed record Entry(ImmutableArray<SnapshotMembership> Groups, bool Everyone, ConnectableSet Set);
}
