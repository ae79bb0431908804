namespace Firezone.Grains.Accounts;

/// <summary>
/// The connectable sets in use of one account, shared by all versions of its snapshot. Holds them weakly: a set lives as long as somebody
/// uses it. Thread-safe.
/// </summary>
internal sealed class ConnectableSets
{
    private const int MinSweep = 64;

    private readonly Dictionary<(ulong Hash, ResourceVariant Variant), WeakReference<ConnectableSet>> _sets = [];
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
        var key = (ConnectableSet.HashOf(sorted, variant), variant);
        lock (_sets)
        {
            // The same hash with other instances: rendered again to the same bytes. The newer one is what others will ask for.
            if (_sets.TryGetValue(key, out var known) && known.TryGetTarget(out var set) && set.Is(sorted, variant))
                return set;
            set = new ConnectableSet(sorted.ToArray(), variant, key.Item1);
            if (known is not null)
                known.SetTarget(set);
            else
                Add(key, set);
            return set;
        }
    }

    private void Add((ulong Hash, ResourceVariant Variant) key, ConnectableSet set)
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
