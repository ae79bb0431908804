using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Firezone.Grains.Accounts;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

public sealed class AccountSnapshotTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-01-05T12:00:00Z");
    private static readonly EvaluationSubject Someone = new("DE", IPAddress.Parse("203.0.113.7"), null, false);
    private readonly TestAccount _account = new();

    [Fact]
    public void A_user_sees_what_policies_of_Everyone_grant_and_a_service_account_does_not()
    {
        var site = _account.Site("Frankfurt");
        var resource = _account.Resource(site);
        _account.Policy(_account.Group(everyone: true), resource);
        var snapshot = _account.Build();

        var actor = _account.Id();
        Assert.NotNull(Connectable(snapshot, actor, includeEveryone: true).Find(resource));
        Assert.Null(Connectable(snapshot, actor, includeEveryone: false).Find(resource));
    }

    [Fact]
    public void A_service_account_sees_what_its_explicit_memberships_grant()
    {
        var resource = _account.Resource(_account.Site("Frankfurt"));
        var group = _account.Group();
        var actor = _account.Id();
        var membership = _account.Member(group, actor);
        _account.Policy(group, resource);
        var snapshot = _account.Build();

        Assert.NotNull(Connectable(snapshot, actor, includeEveryone: false).Find(resource));
        Assert.True(snapshot.TryGetMembership(actor, group, includeEveryone: false, out var through));
        Assert.Equal(membership, through);
    }

    [Fact]
    public void A_resource_without_a_site_is_never_connectable()
    {
        var resource = _account.Resource(site: null);
        _account.Policy(_account.Group(everyone: true), resource);
        Assert.Empty(Connectable(_account.Build(), _account.Id()).Rendered());
    }

    [Fact]
    public void Actors_with_the_same_groups_share_one_connectable_set()
    {
        var resource = _account.Resource(_account.Site("Frankfurt"));
        var group = _account.Group();
        var (ada, bob) = (_account.Id(), _account.Id());
        _account.Member(group, ada);
        _account.Member(group, bob);
        _account.Policy(group, resource);
        var snapshot = _account.Build();
        Assert.Same(Connectable(snapshot, ada), Connectable(snapshot, bob));
    }

    [Fact]
    public void Each_resource_is_listed_once_however_many_policies_grant_it()
    {
        var resource = _account.Resource(_account.Site("Frankfurt"));
        var actor = _account.Id();
        foreach (var group in (Guid[])[_account.Group(everyone: true), _account.Group(), _account.Group()])
        {
            _account.Member(group, actor);
            _account.Policy(group, resource);
        }

        var json = JsonNode.Parse(Assert.Single(Connectable(_account.Build(), actor).Rendered()))!;
        Assert.Equal(resource.ToString(), json["id"]!.GetValue<string>());
    }

    [Fact]
    public void A_policy_whose_condition_fails_hides_its_resource_unless_another_one_conforms()
    {
        var resource = _account.Resource(_account.Site("Frankfurt"));
        var everyone = _account.Group(everyone: true);
        _account.Policy(everyone, resource, new ConditionRow("remote_ip_location_region", "is_in", ["US"]));
        Assert.Equal(0, Connectable(_account.Build(), _account.Id()).Count);

        _account.Policy(everyone, resource, new ConditionRow("remote_ip_location_region", "is_in", ["DE"]));
        Assert.Equal(1, Connectable(_account.Build(), _account.Id()).Count);
    }

    [Fact]
    public void The_internet_resource_is_hidden_from_clients_older_than_1_3()
    {
        var resource = _account.Resource(_account.Site("Internet"), "internet", address: null);
        _account.Policy(_account.Group(everyone: true), resource);
        var (snapshot, actor) = (_account.Build(), _account.Id());
        Assert.Equal(1, snapshot.Connectable(actor, true, ResourceVariants.Of("1.3.0"), Someone, Now, out _).Count);
        Assert.Equal(0, snapshot.Connectable(actor, true, ResourceVariants.Of("1.2.9"), Someone, Now, out _).Count);
    }

    [Fact]
    public void A_difference_names_what_is_gone_and_what_is_new_or_changed()
    {
        var site = _account.Site("Frankfurt");
        var everyone = _account.Group(everyone: true);
        var (kept, changed, gone) = (_account.Resource(site), _account.Resource(site), _account.Resource(site));
        _account.Policy(everyone, kept);
        _account.Policy(everyone, changed);
        var granted = _account.Policy(everyone, gone);
        var before = Connectable(_account.Build(), _account.Id());

        _account.Remove(granted);
        _account.ReplaceResource(changed, r => r with { Name = "Renamed" });
        var added = _account.Resource(site);
        _account.Policy(everyone, added);
        var difference = Connectable(_account.Build(), _account.Id()).Since(before, announceSiteChangeAsNew: false);

        Assert.Equal([gone], difference.Deleted);
        Assert.Equal(new[] { changed, added }.Order(), difference.Changed.Select(r => r.Id).Order());
    }

    [Fact]
    public void Equal_configuration_gives_equal_fingerprints_and_no_difference()
    {
        var resource = _account.Resource(_account.Site("Frankfurt"));
        _account.Policy(_account.Group(everyone: true), resource);
        var (first, second) = (Connectable(_account.Build(), _account.Id()), Connectable(_account.Build(), _account.Id()));
        Assert.NotSame(first, second);
        Assert.Equal(first.Hash, second.Hash);
        Assert.Same(ConnectableDifference.None, second.Since(first, announceSiteChangeAsNew: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_move_to_another_site_is_deletion_and_creation_for_old_clients_only(bool old)
    {
        var (here, there) = (_account.Site("Here"), _account.Site("There"));
        var resource = _account.Resource(here);
        _account.Policy(_account.Group(everyone: true), resource);
        var before = Connectable(_account.Build(), _account.Id());
        _account.ReplaceResource(resource, r => r with { SiteId = there });

        var difference = Connectable(_account.Build(), _account.Id()).Since(before, announceSiteChangeAsNew: old);
        Assert.Equal(old ? [resource] : [], difference.Deleted);
        Assert.Contains("There", Encoding.UTF8.GetString(Assert.Single(difference.Changed).For(ResourceVariant.Current)!.Client), StringComparison.Ordinal);
    }

    private static ConnectableSet Connectable(AccountSnapshot snapshot, Guid actor, bool includeEveryone = true) =>
        snapshot.Connectable(actor, includeEveryone, ResourceVariant.Current, Someone, Now, out _);
}
