using System.Net;
using Firezone.Grains.Accounts;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Tests.Accounts;

public sealed class ConnectableSetTests
{
    private static readonly DateTimeOffset Monday = DateTimeOffset.Parse("2026-01-05T12:00:00Z");
    private static readonly EvaluationSubject Someone = new("DE", IPAddress.Parse("203.0.113.7"), null, false);
    private static readonly ConditionRow InGermany = new("remote_ip_location_region", "is_in", ["DE"]);
    private static readonly ConditionRow InAmerica = new("remote_ip_location_region", "is_in", ["US"]);
    private readonly TestAccount _account = new();
    private readonly Guid _everyone;
    private readonly Guid _resource;
    private readonly Guid _actor;

    public ConnectableSetTests()
    {
        _everyone = _account.Group(everyone: true);
        _resource = _account.Resource(_account.Site("Frankfurt"));
        _actor = _account.Id();
    }

    [Fact]
    public void A_recreated_resource_is_deleted_and_created_only_where_it_is_in_both_sets()
    {
        var added = _account.Resource(_account.Site("Paris"));
        var gone = _account.Resource(_account.Site("London"));
        _account.Policy(_everyone, _resource);
        var policy = _account.Policy(_everyone, gone);
        var before = Connectable(_account.Build());
        _account.Remove(policy);
        _account.Policy(_everyone, added);
        var after = Connectable(_account.Build());

        var difference = after.Since(before, announceSiteChangeAsNew: false, _ => true);
        Assert.Equal(new[] { _resource, gone }.Order(), difference.Deleted);
        Assert.Equal(new[] { _resource, added }.Order(), difference.Changed.Select(r => r.Id));
        Assert.Equal([added], after.Since(after, announceSiteChangeAsNew: false, id => id == added).Deleted);
        Assert.Same(ConnectableDifference.None, after.Since(after, announceSiteChangeAsNew: false, _ => false));
    }

    [Fact]
    public void A_set_that_a_change_leaves_equal_stays_one_instance_in_all_versions()
    {
        _account.Policy(_everyone, _resource);
        var snapshot = _account.Build();
        var before = Connectable(snapshot);
        var other = _account.Resource(_account.Site("Paris"));
        var changed = Apply(
            snapshot,
            new AccountChange.ResourcePut(snapshot.Version + 1, _account.Data().Resources.Single(r => r.Id == other)),
            new AccountChange.PolicyPut(snapshot.Version + 1, new PolicyRow(_account.Id(), _account.Group(), other, [], 1)));
        Assert.Same(before, Connectable(changed));
        Assert.Same(before, Connectable(AccountSnapshot.From(_account.Data(), changed)));
    }

    [Fact]
    public void Conditions_are_judged_for_each_client_although_their_groups_are_the_same()
    {
        _account.Policy(_everyone, _resource, InAmerica);
        var snapshot = _account.Build();
        Assert.Equal(0, Connectable(snapshot).Count);
        Assert.Equal(1, snapshot.Connectable(_actor, true, ResourceVariant.Current, Someone with { Region = "US" }, Monday, out _).Count);
        Assert.Equal(0, Connectable(snapshot).Count);
    }

    [Fact]
    public void What_groups_without_conditions_give_differs_by_group_variant_and_kind_of_actor_and_by_nothing_else()
    {
        var group = _account.Group();
        _account.Member(group, _actor);
        _account.Policy(group, _resource);
        _account.Policy(_everyone, _account.Resource(_account.Site("Paris")));
        var snapshot = _account.Build();
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(2, Connectable(snapshot).Count);
            Assert.Same(Connectable(snapshot), snapshot.Connectable(_actor, true, ResourceVariant.Current, default, Monday, out _));
            Assert.Equal(1, snapshot.Connectable(_actor, false, ResourceVariant.Current, Someone, Monday, out _).Count);
            Assert.Equal(1, snapshot.Connectable(_account.Id(), true, ResourceVariant.Current, Someone, Monday, out _).Count);
            Assert.Equal(0, snapshot.Connectable(_account.Id(), false, ResourceVariant.Current, Someone, Monday, out _).Count);
            var old = snapshot.Connectable(_actor, true, ResourceVariant.OldWildcards, Someone, Monday, out _);
            Assert.Equal((2, ResourceVariant.OldWildcards), (old.Count, old.Variant));
        }
    }

    [Fact]
    public void Clients_that_come_from_another_set_or_read_site_changes_in_another_way_have_a_difference_of_their_own()
    {
        _account.Policy(_everyone, _resource);
        var one = Connectable(_account.Build());
        var paris = _account.Resource(_account.Site("Paris"));
        _account.Policy(_everyone, paris);
        var both = Connectable(_account.Build());
        var site = _account.Site("London");
        _account.ReplaceResource(_resource, row => row with { SiteId = site });
        var moved = Connectable(_account.Build());
        for (var time = 0; time < 2; time++)
        {
            Assert.Empty(moved.Since(both, announceSiteChangeAsNew: false).Deleted);
            Assert.Equal([_resource], moved.Since(both, announceSiteChangeAsNew: true).Deleted);
            Assert.Equal([_resource], moved.Since(both, announceSiteChangeAsNew: false).Changed.Select(r => r.Id));
            Assert.Equal(new[] { _resource, paris }.Order(), moved.Since(one, announceSiteChangeAsNew: false).Changed.Select(r => r.Id).Order());
        }
    }

    [Fact]
    public void A_set_has_its_resources_in_the_order_of_their_ids_even_if_these_begin_alike()
    {
        var ids = Enumerable.Range(0, 300).Select(n => new Guid(n / 200, 0, 0, [0, 0, 0, 0, 0, 0, (byte)(n >> 8), (byte)n])).ToArray();
        var data = _account.Data();
        var resource = data.Resources[0];
        var set = Connectable(AccountSnapshot.From(data with
        {
            Resources = [.. ids.Reverse().Select(id => resource with { Id = id })],
            Policies = [.. ids.Select(id => new PolicyRow(Guid.NewGuid(), _everyone, id, [], 1))],
        }));
        Assert.Equal(ids, set.Resources.ToArray().Select(r => r.Id));
        Assert.All(ids, id => Assert.Equal(id, set.Find(id)?.Id));
        Assert.Null(set.Find(_everyone));
    }

    [Fact]
    public void The_next_change_is_the_earliest_of_the_actors_time_conditions()
    {
        _account.Policy(_everyone, _resource, Until("17:00"));
        _account.Policy(_everyone, _account.Resource(_account.Site("Paris")), Until("14:00"));
        _account.Policy(_account.Group(), _resource, Until("13:00"));
        _account.Build().Connectable(_actor, true, ResourceVariant.Current, Someone, Monday, out var next);
        Assert.Equal(Monday.AddHours(2).AddTicks(1), next);
        _account.Build().Connectable(_actor, false, ResourceVariant.Current, Someone, Monday, out next);
        Assert.Null(next);
    }

    [Fact]
    public void A_resource_is_granted_only_by_some_policies_if_no_other_conforms_for_the_client()
    {
        var group = _account.Group();
        _account.Member(group, _actor);
        var changed = _account.Policy(_everyone, _resource, InGermany);
        _account.Policy(group, _resource, InAmerica);
        _account.Policy(_account.Group(), _resource);
        var snapshot = _account.Build();
        Assert.True(GrantedOnlyBy(snapshot, changed));
        Assert.False(GrantedOnlyBy(snapshot, group));
        Assert.False(snapshot.GrantedOnlyBy(_actor, false, _resource, Someone, Monday, _ => true));

        _account.Policy(group, _resource);
        Assert.False(GrantedOnlyBy(_account.Build(), changed));
    }

    private static ConditionRow Until(string end) =>
        new("current_utc_datetime", "is_in_day_of_week_time_ranges", [$"M/08:00:00-{end}:00/UTC"]);

    private static AccountSnapshot Apply(AccountSnapshot snapshot, params AccountChange[] changes) =>
        snapshot.Apply(new AccountChanges(snapshot.Version + 1, changes), out _);

    private bool GrantedOnlyBy(AccountSnapshot snapshot, Guid policy) =>
        snapshot.GrantedOnlyBy(_actor, true, _resource, Someone, Monday, id => id == policy);

    private ConnectableSet Connectable(AccountSnapshot snapshot) =>
        snapshot.Connectable(_actor, true, ResourceVariant.Current, Someone, Monday, out _);
}
