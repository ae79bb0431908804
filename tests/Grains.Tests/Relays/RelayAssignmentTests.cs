using CsCheck;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Relays;
using static Firezone.Grains.Tests.Relays.RelaySamples;

namespace Firezone.Grains.Tests.Relays;

public sealed class RelayAssignmentTests
{
    private static readonly Location Peer = At(0, 0);
    private readonly Random _random = new(1);

    [Fact]
    public void A_peer_with_two_online_relays_is_left_alone()
    {
        var assignment = new RelayAssignment();
        assignment.Start([Relay(0, At(5, 5)), Relay(1, At(6, 6))], Peer, _random);
        Assert.Null(assignment.OnSnapshot([Relay(0, At(5, 5)), Relay(1, At(6, 6)), Relay(2, At(0, 0))], Peer, _random));
        Assert.Equal([Id(0), Id(1)], assignment.Remembered.Order());
    }

    [Fact]
    public void A_gone_relay_is_reported_with_a_new_selection()
    {
        var assignment = new RelayAssignment();
        assignment.Start([Relay(0, At(5, 5)), Relay(1, At(6, 6))], Peer, _random);
        var update = assignment.OnSnapshot([Relay(1, At(6, 6)), Relay(2, At(1, 1)), Relay(3, At(7, 7))], Peer, _random);
        Assert.Equal([Id(0)], update!.Gone);
        Assert.Equal([Id(2), Id(1)], update.Connected.Select(relay => relay.RelayId));
        Assert.Null(assignment.OnSnapshot([Relay(1, At(6, 6)), Relay(2, At(1, 1))], Peer, _random));
    }

    [Fact]
    public void The_last_relay_to_go_is_reported_with_an_empty_selection()
    {
        var assignment = new RelayAssignment([Id(0), Id(1)]);
        var update = assignment.OnSnapshot([], Peer, _random);
        Assert.Equal([Id(0), Id(1)], update!.Gone);
        Assert.Empty(update.Connected);
        Assert.Null(assignment.OnSnapshot([], Peer, _random));
    }

    [Fact]
    public void The_only_relay_online_is_sent_at_every_change()
    {
        var assignment = new RelayAssignment();
        Assert.Empty(assignment.Start([], Peer, _random));
        for (var i = 0; i < 3; i++)
        {
            var update = assignment.OnSnapshot([Relay(0, At(5, 5))], Peer, _random);
            Assert.Empty(update!.Gone);
            Assert.Equal(Id(0), Assert.Single(update.Connected).RelayId);
        }
    }

    [Fact]
    public void A_relay_that_returned_within_the_debounce_causes_nothing()
    {
        var assignment = new RelayAssignment([Id(0), Id(1)]);
        Assert.Null(assignment.OnSnapshot([Relay(1, At(1, 1)), Relay(0, At(2, 2))], Peer, _random));
    }

    [Fact]
    public void An_unsettled_snapshot_takes_nothing_away_until_a_settled_one_does()
    {
        var assignment = new RelayAssignment([Id(0), Id(1)]);
        Assert.Null(assignment.OnSnapshot([Relay(2, At(1, 1))], Peer, _random, settled: false));
        Assert.Equal([Id(0), Id(1)], assignment.OnSnapshot([Relay(2, At(1, 1))], Peer, _random)!.Gone);

        assignment = new RelayAssignment([Id(0)]);
        var update = assignment.OnSnapshot([Relay(2, At(1, 1))], Peer, _random, settled: false);
        Assert.Empty(update!.Gone);
        Assert.Equal([Id(2), Id(0)], assignment.Remembered);
        Assert.Equal([Id(0)], assignment.OnSnapshot([Relay(2, At(1, 1))], Peer, _random)!.Gone);
    }

    [Fact]
    public void Any_history_of_snapshots_follows_the_rule()
    {
        Gen.Select(Gen.Int[0, 63].Array[1, 12], GenLocation, Gen.Int).Sample((history, peer, seed) =>
        {
            var random = new Random(seed);
            var assignment = new RelayAssignment();
            var told = assignment.Start(Online(history[0]), peer, random).Select(relay => relay.RelayId).ToList();
            foreach (var set in history)
            {
                var online = Online(set);
                var ids = online.Select(relay => relay.RelayId).ToList();
                var gone = told.Except(ids).ToList();
                var needed = gone.Count > 0 || (told.Count < 2 && ids.Count > 0);
                var update = assignment.OnSnapshot(online, peer, random);
                Assert.Equal(needed, update is not null);
                if (update is not null)
                {
                    var connected = update.Connected.Select(relay => relay.RelayId).ToList();
                    Assert.Equal(gone, update.Gone);
                    Assert.Equal(Math.Min(2, ids.Count), connected.Count);
                    Assert.Subset(ids.ToHashSet(), connected.ToHashSet());
                    Assert.Empty(connected.Intersect(update.Gone));
                    told = connected;
                }

                Assert.Equal(told, assignment.Remembered);
            }
        });
    }

    private static RelayPresence[] Online(int set) =>
        [.. Enumerable.Range(0, 6).Where(i => (set & (1 << i)) != 0).Select(i => Relay(i, At(i * 7 % 5, i)))];
}
