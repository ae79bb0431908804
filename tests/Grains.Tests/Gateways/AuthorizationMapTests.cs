using CsCheck;
using Firezone.Grains.Accounts;
using Firezone.Grains.Gateways;
using Firezone.Wire.Gateway;

namespace Firezone.Grains.Tests.Gateways;

public sealed class AuthorizationMapTests
{
    private static readonly Guid Client = Id(1);
    private static readonly Guid Resource = Id(2);

    [Fact]
    public void A_removal_tells_what_is_left()
    {
        var map = new AuthorizationMap();
        map.Add(Granted(Client, Resource, Id(10), At(100)));
        map.Add(Granted(Client, Resource, Id(11), At(300)));
        map.Add(Granted(Client, Resource, Id(12), At(200)));

        Assert.Equal(default, map.Remove(Client, Resource, Id(99)));
        Assert.Equal(default, map.Remove(Id(99), Resource, Id(10)));
        Assert.Equal(default, map.Remove(Client, Id(99), Id(10)));
        Assert.Equal(new(AuthorizationRemovalOutcome.Remaining, At(200)), map.Remove(Client, Resource, Id(11)));
        Assert.Equal(new(AuthorizationRemovalOutcome.Remaining, At(200)), map.Remove(Client, Resource, Id(10)));
        Assert.Equal(new(AuthorizationRemovalOutcome.Last, null), map.Remove(Client, Resource, Id(12)));
        Assert.Equal(default, map.Remove(Client, Resource, Id(12)));
        Assert.Equal(0, map.Count);
        Assert.Equal(0, map.PairCount);
        Assert.Null(map.NextExpiry);
    }

    [Fact]
    public void Adding_a_known_authorization_moves_its_expiry()
    {
        var map = new AuthorizationMap();
        map.Add(Granted(Client, Resource, Id(10), At(300)));
        map.Add(Granted(Client, Resource, Id(10), At(100)));
        Assert.Equal(1, map.Count);
        Assert.Equal(At(100), map.ExpiryOf(Client, Resource));
        Assert.Equal(At(100), map.NextExpiry);
    }

    [Fact]
    public void What_was_altered_since_the_gateway_was_told_is_not_listed()
    {
        var map = new AuthorizationMap();
        map.Add(Granted(Client, Resource, Id(10), At(100))); // told revision 1
        map.Add(Granted(Client, Id(3), Id(11), At(100)));
        Assert.Equal([new AuthorizationEntry(Client, Id(3), At(100))], map.Snapshot(At(1), id => id == Resource ? 2 : 1));
        Assert.Equal(2, map.Snapshot(At(1), _ => 0).Count);
    }

    [Fact]
    public void An_authorization_ends_at_its_expiry()
    {
        var map = new AuthorizationMap();
        map.Add(Granted(Client, Resource, Id(10), At(100)));
        map.Add(Granted(Client, Id(3), Id(11), At(101)));
        Assert.Equal(0, map.Prune(At(100).AddTicks(-1)));
        Assert.Equal(2, map.Snapshot(At(100).AddTicks(-1), _ => 1).Count);
        Assert.Equal([new AuthorizationEntry(Client, Id(3), At(101))], map.Snapshot(At(100), _ => 1));
        Assert.Equal(1, map.Prune(At(100)));
        Assert.Equal(At(101), map.NextExpiry);
        Assert.Equal([Id(3)], map.Resources());
    }

    [Fact]
    public void Any_sequence_of_operations_agrees_with_a_plain_list()
    {
        var genOperation = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int[0, 60]);
        genOperation.Array[1, 120].Sample(operations =>
        {
            var map = new AuthorizationMap();
            var model = new List<(Guid Client, Guid Resource, Guid Id, DateTimeOffset Expiry)>();
            foreach (var (kind, c, r, a, time) in operations)
            {
                var (client, resource, id, at) = (Id(c), Id(r + 100), Id(a + 1000), At(time));
                switch (kind)
                {
                    case <= 4:
                        map.Add(Granted(client, resource, id, at));
                        model.RemoveAll(x => x.Client == client && x.Resource == resource && x.Id == id);
                        model.Add((client, resource, id, at));
                        break;
                    case <= 7:
                        var removed = model.RemoveAll(x => x.Client == client && x.Resource == resource && x.Id == id) > 0;
                        var left = model.Where(x => x.Client == client && x.Resource == resource).ToList();
                        var expected = !removed ? default
                            : left.Count == 0 ? new AuthorizationRemoval(AuthorizationRemovalOutcome.Last, null)
                            : new AuthorizationRemoval(AuthorizationRemovalOutcome.Remaining, left.Max(x => x.Expiry));
                        Assert.Equal(expected, map.Remove(client, resource, id));
                        break;
                    case 8:
                        var lost = model.Where(x => x.Client == client).Select(x => x.Id).ToHashSet();
                        var impact = Impact(ImpactKind.ClientsRemoved, client, DecidedAt + 1);
                        Assert.Equal(lost.Count > 0, map.Ids.IsConcernedBy(impact));
                        Assert.Equal(lost, map.LostBy(impact).Where(g => g.ClientId == client).Select(g => g.Id).ToHashSet());
                        break;
                    default:
                        Assert.Equal(model.RemoveAll(x => x.Expiry <= at), map.Prune(at));
                        Assert.Equal(model.Count == 0 ? null : model.Min(x => x.Expiry), map.NextExpiry);
                        break;
                }

                var pairs = model.GroupBy(x => (x.Client, x.Resource)).ToList();
                Assert.Equal(model.Count, map.Count);
                Assert.Equal(pairs.Count, map.PairCount);
                Assert.Equal(model.Count == 0, map.NextExpiry is null);
                Assert.True(model.Count == 0 || map.NextExpiry <= model.Min(x => x.Expiry));
                Assert.Equal(
                    pairs.Select(p => new AuthorizationEntry(p.Key.Client, p.Key.Resource, p.Max(x => x.Expiry)))
                        .Where(p => p.ExpiresAt > at).ToHashSet(),
                    map.Snapshot(at, _ => 0).ToHashSet());
                Assert.Equal(model.Any(x => x.Client == client && x.Resource == resource && x.Id == id), map.Holds(client, resource, id));
                Assert.Equal(pairs.Select(p => p.Key.Resource).Distinct().Order(), map.Resources().Order());
                Assert.Equal(
                    model.Where(x => x.Client == client && x.Resource == resource).Select(x => (DateTimeOffset?)x.Expiry).Max(),
                    map.ExpiryOf(client, resource));
            }
        });
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    [Fact]
    public void A_change_takes_away_what_rests_on_what_it_touches_and_was_decided_before_it()
    {
        var map = new AuthorizationMap();
        var (policy, membership, token) = (Id(50), Id(51), Id(52));
        map.Add(new Grant(Id(10), Client, Resource, At(100), new GrantBasis(policy, membership, token, 7, 1)));
        map.Add(new Grant(Id(11), Client, Id(3), At(100), new GrantBasis(policy, null, token, 9, 1)));

        foreach (var (impact, lost) in new (AccountImpact, Guid[])[]
        {
            (Impact(ImpactKind.PoliciesChanged, policy, 8), [Id(10)]),
            (Impact(ImpactKind.PoliciesRemoved, policy, 10), [Id(10), Id(11)]),
            (Impact(ImpactKind.PoliciesRemoved, policy, 7), []),
            (Impact(ImpactKind.MembershipsRemoved, membership, 10), [Id(10)]),
            (Impact(ImpactKind.ResourcesChanged, Resource, 10), [Id(10)]),
            (Impact(ImpactKind.ResourcesRemoved, Id(3), 10), [Id(11)]),
            (Impact(ImpactKind.ClientsUnverified, Client, 10), [Id(10), Id(11)]),
            (Impact(ImpactKind.ClientsVerified, Client, 10), []),
            (Impact(ImpactKind.ClientTokensRemoved, token, 10), [Id(10), Id(11)]),
            (Impact(ImpactKind.ResourcesFiltered, Resource, 10), []),
        })
        {
            Assert.Equal(lost, map.LostBy(impact).Select(grant => grant.Id).Order());
        }
    }

    [Fact]
    public void Nothing_concerns_a_gateway_that_holds_nothing_any_more()
    {
        var map = new AuthorizationMap();
        var impact = Impact(ImpactKind.ResourcesChanged, Resource, 10);
        Assert.False(map.Ids.IsConcernedBy(impact));
        map.Add(Granted(Client, Resource, Id(10), At(100)));
        map.Add(Granted(Client, Resource, Id(11), At(200)));
        Assert.True(map.Ids.IsConcernedBy(impact));
        map.Remove(Client, Resource, Id(11));
        Assert.True(map.Ids.IsConcernedBy(impact));
        map.Prune(At(100));
        Assert.False(map.Ids.IsConcernedBy(impact));
    }

    private const long DecidedAt = 5;

    private static AccountImpact Impact(ImpactKind kind, Guid id, long version)
    {
        var builder = new AccountImpactBuilder();
        builder.Add(kind, id, version);
        return builder.Build(version - 1, version);
    }

    private static Grant Granted(Guid client, Guid resource, Guid id, DateTimeOffset expiry) =>
        new(id, client, resource, expiry, new GrantBasis(Id(900), null, Id(901), DecidedAt, 1));
}
