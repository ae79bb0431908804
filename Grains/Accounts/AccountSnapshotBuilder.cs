using System.Collections.Frozen;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Wire.Resources;

namespace Firezone.Grains.Accounts;

/// <summary>Turns an account's rows into a snapshot: resolves references, compiles conditions, renders resources.</summary>
public static class AccountSnapshotBuilder
{
    /// <summary>Rows that refer to something missing, and resources without a site, are left out: nobody can connect to them.</summary>
    public static AccountSnapshot Build(AccountData data)
    {
        var sites = data.Sites.ToDictionary(s => s.Id);
        var resources = data.Resources
            .Where(r => r.SiteId is { } site && sites.ContainsKey(site))
            .Select(r => new SnapshotResource(ToView(r, sites[r.SiteId!.Value])))
            .ToDictionary(r => r.Id);
        var policies = data.Policies
            .Where(p => resources.ContainsKey(p.ResourceId))
            .Select(p => new SnapshotPolicy(p.Id, p.GroupId, resources[p.ResourceId], Compile(p.Conditions)))
            .GroupBy(p => p.GroupId)
            .ToFrozenDictionary(g => g.Key, g => g.ToArray());
        var memberships = data.Memberships
            .GroupBy(m => m.ActorId)
            .ToFrozenDictionary(g => g.Key, g => g.Select(m => (m.GroupId, m.Id)).ToArray());
        var everyone = data.Groups.FirstOrDefault(g => g.IsEveryone)?.Id;
        return new AccountSnapshot(data, memberships, policies, everyone);
    }

    private static CompiledConditions Compile(ConditionRow[] conditions) => conditions.Length == 0
        ? CompiledConditions.None
        : PolicyConditions.Compile([.. conditions.Select(c => new ConditionSpec(c.Property, c.Operator, c.Values))]);

    private static ResourceView ToView(ResourceRow row, SiteRow site) => new(
        row.Id,
        ResourceNames.TryParse(row.Type, out ResourceType type)
            ? type
            : throw new InvalidDataException($"Resource {row.Id} has the unknown type '{row.Type}'."),
        row.Name,
        row.Address,
        row.AddressDescription,
        ResourceNames.TryParse(row.IpStack, out IpStack stack) ? stack : null,
        [.. row.Filters.Select(f => new ResourceFilter(f.Protocol, f.Ports))],
        site.Id,
        site.Name);
}
