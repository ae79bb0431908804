using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Detection;

public sealed class RingTests
{
    [Fact]
    public void Every_silo_computes_the_same_order()
    {
        var peers = Peers(50);
        Assert.Equal(Order(peers), Order(peers.AsEnumerable().Reverse()));
    }

    [Fact]
    public void A_silo_that_goes_changes_the_order_of_no_others()
    {
        var peers = Peers(50);
        var gone = peers[17];
        Assert.Equal(Order(peers).Where(silo => silo != gone.Id), Order(peers.Where(peer => peer != gone)));
    }

    [Fact]
    public void Before_is_after_turned_around()
    {
        var ring = new Ring(Peers(7));
        foreach (var member in ring.Members)
            Assert.Equal(ring.After(member).Reverse(), ring.Before(member));
    }

    private static List<Peer> Peers(int count) => [.. Enumerable.Range(1, count).Select(number => new Peer(new SiloId($"10.0.0.{number}:1@1")))];

    private static IEnumerable<SiloId> Order(IEnumerable<Peer> peers) => new Ring(peers).Members.ToArray().Select(peer => peer.Id);
}
