using System.Runtime.CompilerServices;
using Firezone.Grains.Sessions;

namespace Firezone.Grains.Accounts;

/// <summary>
/// The connectable sets in use of one account, shared by all versions of its snapshot. Holds them weakly: a set lives as long as somebody
/// uses it. Thread-safe.
/// </summary>
internal sealed class ConnectableSets
{
    private const int MinSweep = 64;

    // By the instances, not by what they say: resources that were rendered again to the same bytes make another set, and older versions of
    // the snapshot may still ask for the first.
    private readonly Dictionary<(ulong Instances, ResourceVariant Variant), WeakReference<ConnectableSet>> _sets = [];
    private int _sweepAt = MinSweep;

    /// <summary>How many sets are known; those that nobody uses any more leave from time to time.</summary>
    public int Count
    {
        get
        {
            lock (_sets)
                return _sets.Count;
        }
    }

    /// <summary>The set of exactly these instances.</summary>
    public ConnectableSet Intern(ReadOnlySpan<SnapshotResource> sorted, ResourceVariant variant)
    {
        var key = (InstancesOf(sorted, variant), variant);
        lock (_sets)
        {
            if (_sets.TryGetValue(key, out var known) && known.TryGetTarget(out var set) && set.Is(sorted, variant))
                return set;
            set = new ConnectableSet(sorted.ToArray(), variant, ConnectableSet.HashOf(sorted, variant));
            if (known is not null)
                known.SetTarget(set);
            else
                Add(key, set);
            return set;
        }
    }

    private static ulong InstancesOf(ReadOnlySpan<SnapshotResource> sorted, ResourceVariant variant)
    {
        var instances = 0UL;
        foreach (var resource in sorted)
            instances = ViewHashes.Combine(instances, resource.For(variant)!.ClientHash + (ulong)RuntimeHelpers.GetHashCode(resource));
        return instances;
    }

    private void Add((ulong Instances, ResourceVariant Variant) key, ConnectableSet set)
    {
        if (_sets.Count >= _sweepAt)
        {
            foreach (var (other, reference) in _sets)
            {
                if (!reference.TryGetTarget(out _))
                    _sets.Remove(other);
            }

            _sweepAt = Math.Max(MinSweep, _sets.Count * 2);
        }

        _sets.Add(key, new WeakReference<ConnectableSet>(set));
    }
}
