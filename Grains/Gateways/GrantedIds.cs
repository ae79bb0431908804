using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Firezone.Grains.Accounts;

namespace Firezone.Grains.Gateways;

/// <summary>
/// Everything that a gateway's grants rest on, so that a change can be seen to concern the gateway without waking its grain. Written by the
/// grain, read by any thread.
/// </summary>
public sealed class GrantedIds
{
    private readonly Lock _lock = new();

    // Policies, resources, memberships, clients and tokens in one: ids are unique across tables.
    private readonly Dictionary<Guid, int> _counts = [];

    /// <summary>Whether a grant that rests on something the change touches is held.</summary>
    public bool IsConcernedBy(AccountImpact impact)
    {
        lock (_lock)
        {
            return _counts.Count > 0
                && (Holds(impact.PoliciesChanged)
                    || Holds(impact.PoliciesRemoved)
                    || Holds(impact.ResourcesChanged)
                    || Holds(impact.ResourcesRemoved)
                    || Holds(impact.MembershipsRemoved)
                    || Holds(impact.ClientsUnverified)
                    || Holds(impact.ClientsRemoved)
                    || Holds(impact.ClientTokensRemoved));
        }
    }

    internal void Add(Guid clientId, Guid resourceId, GrantBasis basis) => Count(clientId, resourceId, basis, 1);

    internal void Remove(Guid clientId, Guid resourceId, GrantBasis basis) => Count(clientId, resourceId, basis, -1);

    private void Count(Guid clientId, Guid resourceId, GrantBasis basis, int by)
    {
        lock (_lock)
        {
            Count(basis.PolicyId, by);
            Count(resourceId, by);
            Count(clientId, by);
            Count(basis.TokenId, by);
            if (basis.MembershipId is { } membership)
                Count(membership, by);
        }
    }

    private void Count(Guid id, int by)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, id, out _);
        count += by;
        if (count == 0)
            _counts.Remove(id);
    }

    private bool Holds(IReadOnlyDictionary<Guid, long> changed)
    {
        if (changed.Count == 0)
            return false;
        return changed.Count <= _counts.Count ? changed.Keys.Any(_counts.ContainsKey) : _counts.Keys.Any(changed.ContainsKey);
    }
}
