using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>Brings the policies and their indexes up to date after changes of policies and resources.</summary>
internal sealed class PolicyLinker(
    AccountState before, ImmutableDictionary<Guid, PolicyRow> rows, ImmutableDictionary<Guid, SnapshotResource> resources)
{
    /// <summary>All enabled policies.</summary>
    public ImmutableDictionary<Guid, PolicyRow> Rows => rows;

    /// <summary>Those whose resource has a site.</summary>
    public ImmutableDictionary<Guid, SnapshotPolicy> ById { get; private set; } = before.Policies;

    /// <summary>The same by group.</summary>
    public ImmutableDictionary<Guid, ImmutableArray<SnapshotPolicy>> ByGroup { get; private set; } = before.PoliciesByGroup;

    /// <summary>Ids of all enabled policies by resource.</summary>
    public ImmutableDictionary<Guid, ImmutableArray<Guid>> ByResource { get; private set; } = before.PoliciesByResource;

    /// <summary>Makes the indexes. Called once.</summary>
    /// <param name="touched">Policies that were put or removed.</param>
    /// <param name="changedResources">Resources that look different now, with versions.</param>
    /// <param name="impact">Receives the groups to which changed resources are granted.</param>
    public void Link(HashSet<Guid> touched, Dictionary<Guid, long> changedResources, AccountImpactBuilder impact)
    {
        if (touched.Count > 0)
            ByResource = IndexByResource(touched);
        var relinked = new HashSet<Guid>(touched);
        foreach (var (resource, version) in changedResources)
        {
            foreach (var id in ByResource.GetValueOrDefault(resource, []))
            {
                relinked.Add(id);
                impact.Add(ImpactKind.Groups, rows[id].GroupId, version);
            }
        }

        if (relinked.Count > 0)
            Relink(relinked);
    }

    private ImmutableDictionary<Guid, ImmutableArray<Guid>> IndexByResource(HashSet<Guid> touched)
    {
        var concerned = new Dictionary<Guid, List<Guid>>();
        foreach (var id in touched)
        {
            if (before.PolicyRows.TryGetValue(id, out var old))
                _ = Of(concerned, old.ResourceId);
            if (rows.TryGetValue(id, out var row))
                Of(concerned, row.ResourceId).Add(id);
        }

        var index = before.PoliciesByResource.ToBuilder();
        foreach (var (resource, ids) in concerned)
        {
            ids.AddRange(index.GetValueOrDefault(resource, []).Where(id => !touched.Contains(id)));
            ids.Sort();
            if (ids.Count == 0)
                index.Remove(resource);
            else
                index[resource] = [.. ids];
        }

        return index.ToImmutable();
    }

    private void Relink(HashSet<Guid> relinked)
    {
        var concerned = new Dictionary<Guid, List<SnapshotPolicy>>();
        var byId = before.Policies.ToBuilder();
        foreach (var id in relinked)
        {
            if (byId.TryGetValue(id, out var old))
                _ = Of(concerned, old.GroupId);
            if (!rows.TryGetValue(id, out var row) || !resources.TryGetValue(row.ResourceId, out var resource))
            {
                byId.Remove(id);
                continue;
            }

            var policy = new SnapshotPolicy(id, row.GroupId, resource, Conditions(row, old), row.Revision);
            byId[id] = policy;
            Of(concerned, row.GroupId).Add(policy);
        }

        var byGroup = before.PoliciesByGroup.ToBuilder();
        foreach (var (group, policies) in concerned)
        {
            var old = byGroup.GetValueOrDefault(group, []);
            var next = ImmutableArray.CreateBuilder<SnapshotPolicy>(old.Length + policies.Count);
            foreach (var policy in old)
            {
                if (!relinked.Contains(policy.Id))
                    next.Add(policy);
            }

            next.AddRange(policies);
            if (next.Count == 0)
                byGroup.Remove(group);
            else
                byGroup[group] = next.DrainToImmutable();
        }

        (ById, ByGroup) = (byId.ToImmutable(), byGroup.ToImmutable());
    }

    private CompiledConditions Conditions(PolicyRow row, SnapshotPolicy? old) =>
        old is not null && Accounts.Rows.Same(before.PolicyRows[row.Id].Conditions, row.Conditions) ? old.Conditions
        : PolicyConditions.Compile([.. row.Conditions.Select(c => new ConditionSpec(c.Property, c.Operator, c.Values))]);

    private static List<T> Of<T>(Dictionary<Guid, List<T>> lists, Guid key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _) ??= [];
}
