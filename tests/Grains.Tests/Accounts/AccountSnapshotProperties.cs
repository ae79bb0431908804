using System.Text;
using System.Text.Json;
using CsCheck;
using Firezone.Grains.Accounts;
using Firezone.Grains.Policies;
using Firezone.Storage.Postgres.Accounts;
using static Firezone.Grains.Tests.Policies.Conditions;

namespace Firezone.Grains.Tests.Accounts;

/// <summary>Random histories of an account; a failing one is named by its seed.</summary>
public sealed class AccountSnapshotProperties
{
    private const int Transactions = 60;

    private static readonly DateTimeOffset Now = Utc("2026-01-05T12:00:00");
    private static readonly EvaluationSubject Someone = Subject("DE");
    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue - 1];

    [Fact]
    public void One_by_one_in_batches_or_from_the_rows_the_snapshot_is_the_same() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var account = new RandomAccount(random);
            var single = AccountSnapshot.From(account.Data());
            var batched = single;
            var waiting = new List<AccountChange>();
            for (var i = 0; i < Transactions; i++)
            {
                var changes = account.Transact();
                waiting.AddRange(changes);
                single = single.Apply(new AccountChanges(account.Version, changes), out _);
                if (random.Next(4) == 0)
                {
                    batched = batched.Apply(new AccountChanges(account.Version, [.. waiting]), out _);
                    waiting.Clear();
                }
            }

            batched = batched.Apply(new AccountChanges(account.Version, waiting), out _);
            var whole = Describe(AccountSnapshot.From(account.Data()), account);
            Assert.Equal(whole, Describe(single, account));
            Assert.Equal(whole, Describe(batched, account));
            Assert.Equal(whole, Describe(AccountSnapshot.From(account.Data(), single), account));
        },
        iter: 150);

    [Fact]
    public void Whoever_sees_something_else_is_concerned_and_is_told_exactly_that() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var account = new RandomAccount(random);
            var snapshots = new List<AccountSnapshot> { AccountSnapshot.From(account.Data()) };
            var history = new AccountHistory(snapshots[0].Version);
            var waiting = new List<AccountChange>();
            for (var i = 0; i < Transactions; i++)
            {
                waiting.AddRange(account.Transact());
                if (random.Next(3) == 0)
                    continue;
                var before = snapshots[^1];
                var after = before.Apply(new AccountChanges(account.Version, [.. waiting]), out var impact);
                waiting.Clear();
                snapshots.Add(after);
                history.Add(impact);
                Assert.Equal((before.Version, after.Version), (impact.FromVersion, impact.ToVersion));
                AssertComplete(before, after, impact, account);
                var earlier = snapshots[random.Next(snapshots.Count)];
                AssertComplete(earlier, after, history.Since(earlier.Version), account);
            }
        },
        iter: 150);

    [Fact]
    public void What_has_not_changed_is_the_same_instance() => Seeds.Sample(
        seed =>
        {
            var account = new RandomAccount(new Random(seed));
            var before = AccountSnapshot.From(account.Data());
            var rows = account.Data();
            for (var i = 0; i < Transactions; i++)
            {
                var changes = account.Transact();
                var after = before.Apply(new AccountChanges(account.Version, changes), out _);
                var now = account.Data();
                foreach (var resource in now.Resources.Where(r => r.SiteId is not null))
                {
                    var unchanged = rows.Resources.Contains(resource) && rows.Sites.Contains(now.Sites.Single(s => s.Id == resource.SiteId));
                    if (unchanged)
                        Assert.Same(before.FindResource(resource.Id), after.FindResource(resource.Id));
                }

                foreach (var (actor, everyone) in Clients(account))
                {
                    var (old, set) = (Connectable(before, actor, everyone), Connectable(after, actor, everyone));
                    if (old.Resources.SequenceEqual(set.Resources))
                        Assert.Same(old, set);
                }

                (before, rows) = (after, now);
            }
        },
        iter: 50);

    private static void AssertComplete(AccountSnapshot before, AccountSnapshot after, AccountImpact impact, RandomAccount account)
    {
        var clients = new WokenClients(after, impact, Clients(account));
        foreach (var (actor, everyone) in Clients(account))
        {
            var (told, set) = (Connectable(before, actor, everyone), Connectable(after, actor, everyone));
            var device = Told(told);
            var difference = set.Since(told, announceSiteChangeAsNew: false);
            foreach (var id in difference.Deleted)
                Assert.True(device.Remove(id));
            foreach (var resource in difference.Changed)
                device[resource.Id] = Text(resource);
            Assert.Equal(Told(set), device);
            if (told.Hash == set.Hash)
                Assert.Same(ConnectableDifference.None, difference);
            else
                Assert.True(clients.Contains(actor, everyone), $"Actor {actor} is missing.");
        }

        Assert.True(before.Slug == after.Slug || impact.SlugChanged > 0);
        Assert.True(before.Config == after.Config || impact.ConfigChanged > 0);
        foreach (var policy in account.Policies)
        {
            var revised = after.FindPolicy(policy) is { } now && before.FindPolicy(policy) is { } old && now.Revision != old.Revision;
            if (revised)
                Assert.True(impact.PoliciesChanged.ContainsKey(policy) || impact.PoliciesRemoved.ContainsKey(policy));
        }
    }

    private static Dictionary<Guid, string> Told(ConnectableSet set) => set.Resources.ToArray().ToDictionary(r => r.Id, Text);

    private static string Text(SnapshotResource resource) => Encoding.UTF8.GetString(resource.For(ResourceVariant.Current)!.Client);

    private static IEnumerable<(Guid Actor, bool Everyone)> Clients(RandomAccount account) =>
        account.Actors.SelectMany(actor => new[] { (actor, false), (actor, true) });

    private static ConnectableSet Connectable(AccountSnapshot snapshot, Guid actor, bool everyone) =>
        snapshot.Connectable(actor, everyone, ResourceVariant.Current, Someone, Now, out _);

    private static string Describe(AccountSnapshot snapshot, RandomAccount account) => JsonSerializer.Serialize(new
    {
        snapshot.Version,
        snapshot.Slug,
        snapshot.Config,
        snapshot.Everyone,
        Resources = account.Resources.Select(id => snapshot.FindResource(id) is { } r ? Text(r) + r.Revision + r.View.Address : null),
        Policies = account.Policies.Select(snapshot.FindPolicy).Select(p => p is null ? null : $"{p.Id} {p.GroupId} {p.Resource.Id} {p.Revision}"),
        Granting = account.Resources.Select(id => snapshot.PoliciesFor(id).Select(p => p.Id)),
        Instances = account.Policies.Select(snapshot.FindPolicy).All(p => p is null || p.Resource == snapshot.FindResource(p.Resource.Id)),
        Members = account.Groups.Select(id => snapshot.ActorsOf(id).Order()),
        Memberships = account.Actors.Select(id => snapshot.GroupsOf(id).Select(m => $"{m.GroupId} {m.Id}")),
        Sets = Clients(account).SelectMany(c => Enum.GetValues<ResourceVariant>().Select(variant =>
        {
            var set = snapshot.Connectable(c.Actor, c.Everyone, variant, Someone, Now, out var next);
            return $"{string.Join(',', set.Rendered().Select(r => Encoding.UTF8.GetString(r)))} {set.Hash} {next:O}";
        })),
    });
}
