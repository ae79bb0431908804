using System.Collections.Frozen;
using Firezone.Grains.Policies;

namespace Firezone.Grains.Accounts;

/// <summary>
/// The policies that a set of groups grants, by resource. Actors with the same groups share one instance, so that a session costs no
/// memory for what it may see.
/// </summary>
public sealed class PolicySet
{
    private readonly FrozenDictionary<Guid, SnapshotPolicy[]> _byResource;
    private readonly ConnectableSet?[] _unconditional = new ConnectableSet?[ResourceVariants.Count];
    private readonly bool _hasConditions;

    /// <summary>Groups the policies by resource.</summary>
    public PolicySet(IEnumerable<SnapshotPolicy> policies)
    {
        _byResource = policies.GroupBy(p => p.Resource.Id).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        _hasConditions = _byResource.Values.Any(ps => ps.Any(p => p.Conditions.Count > 0));
    }

    /// <summary>All policies for a resource; empty if there are none.</summary>
    public IReadOnlyList<SnapshotPolicy> For(Guid resourceId) => _byResource.GetValueOrDefault(resourceId) ?? [];

    /// <summary>The resources of conforming policies.</summary>
    /// <remarks>Without conditions the answer is the same for everybody and computed once.</remarks>
    public ConnectableSet Connectable(ResourceVariant variant, in EvaluationSubject subject, DateTimeOffset now)
    {
        if (!_hasConditions)
            return _unconditional[(int)variant] ??= new ConnectableSet(_byResource.Values.Select(ps => ps[0].Resource), variant);

        var conforming = new List<SnapshotResource>(_byResource.Count);
        foreach (var policies in _byResource.Values)
        {
            foreach (var policy in policies)
            {
                if (PolicyEvaluator.Evaluate(policy.Conditions, subject, now).Conforms)
                {
                    conforming.Add(policy.Resource);
                    break;
                }
            }
        }

        return new ConnectableSet(conforming, variant);
    }

    /// <summary>The next instant at which a time condition may change the connectable set; null if time changes nothing.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        if (!_hasConditions)
            return null;
        DateTimeOffset? next = null;
        foreach (var policies in _byResource.Values)
        {
            foreach (var policy in policies)
            {
                if (PolicyEvaluator.NextChange(policy.Conditions, now) is { } at && !(at >= next))
                    next = at;
            }
        }

        return next;
    }
}
