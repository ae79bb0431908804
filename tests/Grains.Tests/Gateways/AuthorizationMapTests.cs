using CsCheck;
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
        map.Add(Client, Resource, Id(10), At(100));
        map.Add(Client, Resource, Id(11), At(300));
        map.Add(Client, Resource, Id(12), At(200));

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
        map.Add(Client, Resource, Id(10), At(300));
        map.Add(Client, Resource, Id(10), At(100));
        Assert.Equal(1, map.Count);
        Assert.Equal(At(100), map.ExpiryOf(Client, Resource));
        Assert.Equal(At(100), map.NextExpiry);
    }

    [Fact]
    public void An_authorization_ends_at_its_expiry()
    {
        var map = new AuthorizationMap();
        map.Add(Client, Resource, Id(10), At(100));
        map.Add(Client, Id(3), Id(11), At(101));
        Assert.Equal(0, map.Prune(At(100).AddTicks(-1)));
        Assert.Equal(2, map.Snapshot(At(100).AddTicks(-1)).Count);
        Assert.Equal([new AuthorizationEntry(Client, Id(3), At(101))], map.Snapshot(At(100)));
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
                        map.Add(client, resource, id, at);
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
                        Assert.Equal(
                            model.RemoveAll(x => x.Client == client && x.Resource == resource) > 0, map.RemovePair(client, resource));
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
                    map.Snapshot(at).ToHashSet());
                Assert.Equal(
                    pairs.Where(p => p.Key.Resource == resource).Select(p => p.Key.Client).Order(), map.ClientsOf(resource).Order());
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
    public void Only_the_retained_authorizations_stay()
    {
        var map = new AuthorizationMap();
        var (client, resource, end) = (Guid.NewGuid(), Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddDays(1));
        var ids = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var id in ids[..5])
            map.Add(client, resource, id, end);
        map.Add(Guid.NewGuid(), resource, ids[5], end);

        map.RetainOnly(new HashSet<Guid> { ids[1], ids[3] });
        Assert.Equal((2, 1), (map.Count, map.PairCount));
        map.RetainOnly(new HashSet<Guid>());
        Assert.Equal((0, 0), (map.Count, map.PairCount));
        Assert.Null(map.NextExpiry);
    }
}
