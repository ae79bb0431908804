using Firezone.Grains.Policies;

namespace Firezone.Grains.Accounts;

/// <summary>Collects the resources of conforming policies. One per thread, so that an evaluation allocates nothing but its result.</summary>
internal sealed class ConnectableScan
{
    private const int MaxKept = 4096;

    private static readonly Comparer<SnapshotResource> ById = Comparer<SnapshotResource>.Create((a, b) => a.Id.CompareTo(b.Id));

    [ThreadStatic]
    private static ConnectableScan? _scan;

    private readonly HashSet<SnapshotResource> _found = new(ReferenceEqualityComparer.Instance);
    private SnapshotResource[] _sorted = new SnapshotResource[64];
    private ulong[] _keys = new ulong[64];

    /// <summary>This thread's, empty.</summary>
    public static ConnectableScan Start()
    {
        _scan ??= new ConnectableScan();
        _scan._found.Clear();
        _scan.NextChange = null;
        _scan.HasConditions = false;
        return _scan;
    }

    /// <summary>The next instant at which time changes the outcome of one of the policies.</summary>
    public DateTimeOffset? NextChange { get; private set; }

    /// <summary>Whether the outcome depends on the subject or on time.</summary>
    public bool HasConditions { get; private set; }

    /// <summary>Takes the resources of the policies that conform and that the variant can express.</summary>
    public void Add(ReadOnlySpan<SnapshotPolicy> policies, ResourceVariant variant, in EvaluationSubject subject, DateTimeOffset now)
    {
        foreach (var policy in policies)
        {
            HasConditions |= policy.Conditions.Count > 0;
            if (policy.Conditions.DependsOnTime && PolicyEvaluator.NextChange(policy.Conditions, now) is { } at && !(at >= NextChange))
                NextChange = at;
            if (policy.Resource.For(variant) is not null && PolicyEvaluator.Evaluate(policy.Conditions, subject, now).Conforms)
                _found.Add(policy.Resource);
        }
    }

    /// <summary>The set of what was found. Leaves nothing behind that could keep an old resource alive.</summary>
    public ConnectableSet Finish(ConnectableSets sets, ResourceVariant variant)
    {
        var count = _found.Count;
        if (count > _keys.Length)
            (_sorted, _keys) = (new SnapshotResource[count * 2], new ulong[count * 2]);
        _found.CopyTo(_sorted);
        Sort(count);
        var set = sets.Intern(_sorted.AsSpan(0, count), variant);
        _found.Clear();
        Array.Clear(_sorted, 0, count);
        if (count > MaxKept)
            _scan = null;
        return set;
    }

    // By the halves of ids that almost always differ, which is several times faster than by ids.
    private void Sort(int count)
    {
        for (var i = 0; i < count; i++)
            _keys[i] = _sorted[i].SortKey;
        Array.Sort(_keys, _sorted, 0, count);
        for (var i = 1; i < count; i++)
        {
            if (_keys[i] != _keys[i - 1])
                continue;
            Array.Sort(_sorted, 0, count, ById);
            return;
        }
    }
}
