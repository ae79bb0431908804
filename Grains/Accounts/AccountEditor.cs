using System.Collections.Immutable;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>
/// Makes the next state of an account: takes all changes into the rows first, in whatever order they refer to each other, then derives.
/// What it costs depends on the changes; only a renamed or deleted site looks at every resource of the account.
/// </summary>
internal sealed class AccountEditor(AccountState before, AccountImpactBuilder impact)
{
    private readonly ImmutableDictionary<Guid, SiteRow>.Builder _sites = before.Sites.ToBuilder();
    private readonly ImmutableDictionary<Guid, ResourceRow>.Builder _resources = before.ResourceRows.ToBuilder();
    private readonly ImmutableDictionary<Guid, PolicyRow>.Builder _policies = before.PolicyRows.ToBuilder();
    private readonly MembershipEditor _memberships = new(before.Memberships);
    private readonly Dictionary<Guid, long> _touchedSites = [];
    private readonly Dictionary<Guid, long> _touchedResources = [];
    private readonly HashSet<Guid> _touchedPolicies = [];
    private (string Slug, AccountConfig Config, bool Disabled) _account = (before.Slug, before.Config, before.Disabled);
    private Guid? _everyone = before.Everyone;

    /// <summary>Takes one change.</summary>
    public void Apply(AccountChange change)
    {
        var version = change.Version;
        switch (change)
        {
            case AccountChange.AccountUpdated c:
                Update(c);
                break;
            case AccountChange.SitePut c:
                Put(c.Row, version);
                break;
            case AccountChange.SiteRemoved c:
                if (_sites.Remove(c.Id))
                    _touchedSites[c.Id] = version;
                break;
            case AccountChange.ResourcePut c:
                Put(c.Row, version);
                break;
            case AccountChange.ResourceRemoved c:
                RemoveResource(c.Id, version);
                break;
            case AccountChange.GroupPut c:
                if (c.Row.IsEveryone)
                    SetEveryone(c.Row.Id, version);
                else if (_everyone == c.Row.Id)
                    SetEveryone(null, version);
                break;
            case AccountChange.GroupRemoved c:
                if (_everyone == c.Id)
                    SetEveryone(null, version);
                break;
            case AccountChange.MembershipPut c:
                Put(c.Row, version);
                break;
            case AccountChange.MembershipRemoved c:
                Remove(c.Row, version);
                break;
            case AccountChange.PolicyPut c:
                Put(c.Row, version);
                break;
            case AccountChange.PolicyRemoved c:
                RemovePolicy(c.Id, version);
                break;
            case AccountChange.ClientVerification c:
                impact.Add(c.Verified ? ImpactKind.ClientsVerified : ImpactKind.ClientsUnverified, c.ClientId, version);
                break;
            case AccountChange.ClientRemoved c:
                impact.Add(ImpactKind.ClientsRemoved, c.Id, version);
                break;
            case AccountChange.ClientTokenRemoved c:
                impact.Add(ImpactKind.ClientTokensRemoved, c.Id, version);
                break;
            case AccountChange.GatewayRemoved c:
                impact.Add(ImpactKind.GatewaysRemoved, c.Id, version);
                break;
            case AccountChange.GatewayTokenRemoved c:
                impact.Add(ImpactKind.GatewayTokensRemoved, c.Id, version);
                break;
            case AccountChange.AuthorizationRevoked c:
                impact.Add(ImpactKind.GatewaysRevoked, c.GatewayId, version);
                break;
            default:
                // A change that is not understood must not be taken for none.
                throw new NotSupportedException($"A change of kind {change.GetType().Name} is unknown.");
        }
    }

    /// <summary>Sets what the account's own row says.</summary>
    public void Update(AccountChange.AccountUpdated change)
    {
        if (change.Slug != _account.Slug)
            impact.SlugChanged(change.Version);
        if (!Rows.Same(change.Config, _account.Config))
            impact.ConfigChanged(change.Version);
        _account = (change.Slug, change.Config, change.Disabled);
    }

    /// <summary>Sets a site.</summary>
    public void Put(SiteRow row, long version)
    {
        if (_sites.TryGetValue(row.Id, out var old) && old == row)
            return;
        _sites[row.Id] = row;
        _touchedSites[row.Id] = version;
    }

    /// <summary>Sets a resource.</summary>
    public void Put(ResourceRow row, long version)
    {
        if (_resources.TryGetValue(row.Id, out var old))
        {
            if (Rows.Same(old, row))
                return;
            if (old.Revision != row.Revision)
                impact.Add(ImpactKind.ResourcesChanged, row.Id, version);
            if (!Rows.Same(old.Filters, row.Filters))
                impact.Add(ImpactKind.ResourcesFiltered, row.Id, version);
        }

        _resources[row.Id] = row;
        _touchedResources[row.Id] = version;
    }

    /// <summary>Sets a membership.</summary>
    public void Put(MembershipRow row, long version)
    {
        if (!_memberships.Put(row, out var replaced))
            return;
        impact.Add(ImpactKind.Actors, row.ActorId, version);
        if (replaced is { } id && id != row.Id)
            impact.Add(ImpactKind.MembershipsRemoved, id, version);
    }

    /// <summary>Sets a policy.</summary>
    public void Put(PolicyRow row, long version)
    {
        if (_policies.TryGetValue(row.Id, out var old))
        {
            if (Rows.Same(old, row))
                return;
            impact.Add(ImpactKind.Groups, old.GroupId, version);
            impact.Add(ImpactKind.PoliciesChanged, row.Id, version);
        }

        _policies[row.Id] = row;
        _touchedPolicies.Add(row.Id);
        impact.Add(ImpactKind.Groups, row.GroupId, version);
    }

    /// <summary>Sets the group of all users.</summary>
    public void SetEveryone(Guid? groupId, long version)
    {
        if (groupId == _everyone)
            return;
        if (_everyone is { } old)
        {
            impact.Add(ImpactKind.Groups, old, version);
            impact.Add(ImpactKind.FormerEveryone, old, version);
        }

        if (groupId is { } now)
            impact.Add(ImpactKind.Groups, now, version);
        _everyone = groupId;
    }

    /// <summary>The state after all changes. The editor must not be used afterwards.</summary>
    /// <param name="rendered">A state whose resources are taken over where they are the same.</param>
    public AccountState Finish(AccountState rendered)
    {
        var sites = _sites.ToImmutable();
        var resourceRows = _resources.ToImmutable();
        var resources = new ResourceRenderer(before, rendered, sites, resourceRows).Render(_touchedSites, _touchedResources, out var changed);
        var policies = new PolicyLinker(before, _policies.ToImmutable(), resources);
        policies.Link(_touchedPolicies, changed, impact);
        return new AccountState(
            _account.Slug,
            _account.Config,
            _account.Disabled,
            _everyone,
            sites,
            resourceRows,
            resources,
            policies.Rows,
            policies.ById,
            policies.ByGroup,
            policies.ByResource,
            _memberships.ToIndex());
    }

    private void RemoveResource(Guid id, long version)
    {
        if (!_resources.Remove(id))
            return;
        _touchedResources[id] = version;
        impact.Add(ImpactKind.ResourcesRemoved, id, version);
    }

    private void Remove(MembershipRow row, long version)
    {
        if (!_memberships.Remove(row))
            return;
        impact.Add(ImpactKind.Actors, row.ActorId, version);
        impact.Add(ImpactKind.MembershipsRemoved, row.Id, version);
    }

    private void RemovePolicy(Guid id, long version)
    {
        if (!_policies.TryGetValue(id, out var old))
            return;
        _policies.Remove(id);
        _touchedPolicies.Add(id);
        impact.Add(ImpactKind.Groups, old.GroupId, version);
        impact.Add(ImpactKind.PoliciesRemoved, id, version);
    }
}
