using Firezone.Grains.Accounts;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

public sealed class AccountImpactTests
{
    private readonly TestAccount _account = new();
    private readonly Guid _site;
    private readonly Guid _group;
    private readonly Guid _resource;
    private readonly Guid _policy;
    private AccountSnapshot _snapshot;

    public AccountImpactTests()
    {
        _site = _account.Site("Frankfurt");
        _group = _account.Group();
        _resource = _account.Resource(_site);
        _policy = _account.Policy(_group, _resource);
        _snapshot = _account.Build();
    }

    private long Next => _snapshot.Version + 1;

    private PolicyRow Policy => _account.Data().Policies.Single(p => p.Id == _policy);

    private ResourceRow Resource => _account.Data().Resources.Single(r => r.Id == _resource);

    [Fact]
    public void A_moved_policy_concerns_its_old_and_its_new_group()
    {
        var there = _account.Id();
        var impact = Apply(new AccountChange.PolicyPut(Next, Policy with { GroupId = there, Revision = 2 }));
        Assert.Equal(new[] { _group, there }.Order(), impact.Groups.Keys.Order());
        Assert.Equal(Next - 1, impact.PoliciesChanged[_policy]);
        Assert.Empty(impact.PoliciesRemoved);
    }

    [Fact]
    public void A_description_of_a_policy_and_the_name_of_a_group_concern_nobody()
    {
        var impact = Apply(new AccountChange.PolicyPut(Next, Policy), new AccountChange.GroupPut(Next, new GroupRow(_group, "Renamed", false)));
        Assert.True(impact.IsEmpty);
    }

    [Fact]
    public void A_renamed_site_concerns_the_groups_to_which_its_resources_are_granted()
    {
        _account.Policy(_account.Group(), _account.Resource(_account.Site("Paris")));
        _snapshot = _account.Build();
        var impact = Apply(new AccountChange.SitePut(Next, new SiteRow(_site, "Frankfurt am Main")));
        Assert.Equal([_group], impact.Groups.Keys);
        Assert.Empty(impact.ResourcesChanged);
        Assert.Contains("Frankfurt am Main", _snapshot.FindResource(_resource)!.View.SiteName!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_filters_and_an_address_are_told_apart()
    {
        var renamed = Apply(new AccountChange.ResourcePut(Next, Resource with { Name = "Renamed" }));
        Assert.Equal((1, 0, 0), (renamed.Groups.Count, renamed.ResourcesFiltered.Count, renamed.ResourcesChanged.Count));
        var filtered = Apply(new AccountChange.ResourcePut(Next, Resource with { Name = "Renamed", Filters = [new FilterRow("icmp", [])] }));
        Assert.Equal((1, 1, 0), (filtered.Groups.Count, filtered.ResourcesFiltered.Count, filtered.ResourcesChanged.Count));
        var moved = Apply(new AccountChange.ResourcePut(Next, Resource with { Address = "10.9.0.0/16", Revision = 2 }));
        Assert.Equal((1, 1, 1), (moved.Groups.Count, moved.ResourcesFiltered.Count, moved.ResourcesChanged.Count));
    }

    [Fact]
    public void A_resource_that_gets_a_site_brings_its_policies_into_effect()
    {
        var taken = Apply(new AccountChange.ResourcePut(Next, Resource with { SiteId = null, Revision = 2 }));
        Assert.Equal([_group], taken.Groups.Keys);
        Assert.Null(_snapshot.FindPolicy(_policy));
        Assert.Empty(_snapshot.PoliciesFor(_resource));
        var given = Apply(new AccountChange.ResourcePut(Next, Resource with { Revision = 3 }));
        Assert.Equal([_group], given.Groups.Keys);
        Assert.Empty(given.PoliciesChanged);
        Assert.Equal(_policy, Assert.Single(_snapshot.PoliciesFor(_resource)).Id);
    }

    [Fact]
    public void Rows_of_one_transaction_may_refer_to_later_ones()
    {
        var (site, resource, policy) = (_account.Id(), _account.Id(), _account.Id());
        Apply(
            new AccountChange.PolicyPut(Next, new PolicyRow(policy, _group, resource, [], 1)),
            new AccountChange.ResourcePut(Next, new ResourceRow(resource, "cidr", "Late", "10.7.0.0/16", null, null, [], site, 1)),
            new AccountChange.SitePut(Next, new SiteRow(site, "Later")));
        Assert.Same(_snapshot.FindResource(resource), _snapshot.FindPolicy(policy)!.Resource);
    }

    [Fact]
    public void A_policy_that_was_removed_and_put_again_in_one_step_is_listed_as_removed()
    {
        var impact = Apply(
            Next + 1,
            new AccountChange.PolicyRemoved(Next, _policy),
            new AccountChange.PolicyPut(Next + 1, Policy));
        Assert.Equal(impact.ToVersion - 1, impact.PoliciesRemoved[_policy]);
        Assert.Empty(impact.PoliciesChanged);
    }

    [Fact]
    public void Memberships_concern_their_actors()
    {
        var (actor, membership) = (_account.Id(), _account.Id());
        var put = Apply(new AccountChange.MembershipPut(Next, new MembershipRow(membership, _group, actor)));
        Assert.Equal([actor], put.Actors.Keys);
        Assert.Empty(put.MembershipsRemoved);
        Assert.Equal([actor], _snapshot.ActorsOf(_group));
        var removed = Apply(new AccountChange.MembershipRemoved(Next, new MembershipRow(membership, _group, actor)));
        Assert.Equal([actor], removed.Actors.Keys);
        Assert.Equal([membership], removed.MembershipsRemoved.Keys);
        Assert.Empty(_snapshot.ActorsOf(_group));
        Assert.Empty(_snapshot.GroupsOf(actor));
    }

    [Fact]
    public void Everyone_is_concerned_by_its_policies_and_its_loss_by_all_users()
    {
        var everyone = _account.Group(everyone: true);
        _account.Policy(everyone, _resource);
        _snapshot = _account.Build();
        var actor = _account.Id();
        var impact = Apply(new AccountChange.PolicyPut(Next, new PolicyRow(_account.Id(), everyone, _resource, [], 1)));
        Assert.True(new WokenClients(_snapshot, impact, [(actor, true)]).Contains(actor, true));
        impact = Apply(new AccountChange.GroupRemoved(Next, everyone));
        Assert.True(new WokenClients(_snapshot, impact, [(actor, true)]).Contains(actor, true));
    }

    [Fact]
    public void Credentials_and_settings_are_listed_with_their_versions()
    {
        var ids = Enumerable.Range(0, 6).Select(_ => _account.Id()).ToArray();
        var version = Next;
        var impact = Apply(
            version + 1,
            new AccountChange.ClientVerification(version, ids[0], true),
            new AccountChange.ClientVerification(version, ids[1], false),
            new AccountChange.ClientRemoved(version, ids[2]),
            new AccountChange.ClientTokenRemoved(version, ids[3]),
            new AccountChange.GatewayRemoved(version, ids[4]),
            new AccountChange.GatewayTokenRemoved(version, ids[5]),
            new AccountChange.AccountUpdated(version, "other", AccountConfig.Default, true),
            new AccountChange.AccountUpdated(version + 1, "other", AccountConfig.Default with { SearchDomain = "example.com" }, true));
        Assert.Equal(
            ids.Select(id => KeyValuePair.Create(id, version)),
            [
                Assert.Single(impact.ClientsVerified), Assert.Single(impact.ClientsUnverified), Assert.Single(impact.ClientsRemoved),
                Assert.Single(impact.ClientTokensRemoved), Assert.Single(impact.GatewaysRemoved), Assert.Single(impact.GatewayTokensRemoved),
            ]);
        Assert.Equal((version, version + 1), (impact.SlugChanged, impact.ConfigChanged));
        Assert.Equal(("other", "example.com", true), (_snapshot.Slug, _snapshot.Config.SearchDomain, _snapshot.Disabled));
    }

    [Fact]
    public void Changes_that_the_snapshot_has_already_are_skipped()
    {
        var change = new AccountChange.PolicyRemoved(_snapshot.Version, _policy);
        Assert.True(Apply(new AccountChange.ClientTokenRemoved(Next, _policy), change).Groups.Count == 0);
        var before = _snapshot;
        Assert.True(Apply(_snapshot.Version, change).IsEmpty);
        Assert.Same(before, _snapshot);
    }

    private AccountImpact Apply(params AccountChange[] changes) => Apply(Next, changes);

    private AccountImpact Apply(long version, params AccountChange[] changes)
    {
        _snapshot = _snapshot.Apply(new AccountChanges(version, changes), out var impact);
        return impact;
    }
}
