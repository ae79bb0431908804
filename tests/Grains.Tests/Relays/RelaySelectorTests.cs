using CsCheck;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Geo;
using Firezone.Grains.Relays;
using static Firezone.Grains.Tests.Relays.RelaySamples;

namespace Firezone.Grains.Tests.Relays;

public sealed class RelaySelectorTests
{
    [Fact]
    public void The_two_nearest_are_those_of_a_full_sort()
    {
        Gen.Select(GenOnline, GenLocation, Gen.Int).Sample((online, peer, seed) =>
        {
            var selected = RelaySelector.Select(online, peer, new Random(seed));
            Assert.Equal(Math.Min(2, online.Length), selected.Count);
            Assert.Equal(selected.Count, selected.Distinct().Count());
            Assert.All(selected, relay => Assert.Contains(relay, online));
            if (!GreatCircle.HasCoordinates(peer))
                return;

            double Distance(RelayPresence relay) => GreatCircle.Between(relay.Location, peer) ?? 1e9;
            var distances = online.Select(Distance).Order().Take(2);
            Assert.Equal(distances, selected.Select(Distance), (a, b) => Math.Abs(a - b) < 1e-6);
        });
    }

    [Fact]
    public void Two_relays_at_the_same_place_are_both_taken()
    {
        var online = new[] { Relay(0, At(50, 8)), Relay(1, At(10, 10)), Relay(2, At(50, 8)) };
        var selected = RelaySelector.Select(online, At(49, 8), new Random(1));
        Assert.Equal([Id(0), Id(2)], selected.Select(relay => relay.RelayId).Order());
    }

    [Fact]
    public void A_relay_without_a_location_comes_last()
    {
        var online = new[] { Relay(0, Location.Unknown), Relay(1, At(-50, -170)), Relay(2, Location.Unknown) };
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(Id(1), RelaySelector.Select(online, At(50, 10), new Random(seed))[0].RelayId);
    }

    [Fact]
    public void A_peer_without_a_location_gets_every_pair_equally_often()
    {
        var online = Enumerable.Range(0, 4).Select(i => Relay(i, At(i, i))).ToArray();
        var random = new Random(7);
        var pairs = Enumerable.Range(0, 12_000)
            .Select(_ => string.Join('+', RelaySelector.Select(online, Location.Unknown, random).Select(relay => relay.RelayId).Order()))
            .CountBy(pair => pair)
            .ToDictionary();
        Assert.Equal(6, pairs.Count);
        Assert.All(pairs.Values, count => Assert.InRange(count, 1_800, 2_200));
    }
}
