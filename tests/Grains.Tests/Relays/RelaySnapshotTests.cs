using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Relays;

namespace Firezone.Grains.Tests.Relays;

public sealed class RelaySnapshotTests
{
    private static readonly RelayPresence A = Relay(), B = Relay(), C = Relay();

    [Fact]
    public void A_settled_view_replaces_what_is_held() =>
        Assert.Equal([C], new RelaySnapshot([A, B]).Merge(View(settled: true, C)).Relays);

    [Fact]
    public void A_directory_that_was_just_built_anew_adds_but_removes_nothing() =>
        Assert.Equal([A, B, C], new RelaySnapshot([A, B]).Merge(View(settled: false, C)).Relays.OrderBy(r => Array.IndexOf([A, B, C], r)));

    [Fact]
    public void Credentials_of_a_gateway_are_the_same_at_every_reconnect()
    {
        var first = TurnEntries.For([A], "key", TurnEntries.GatewayExpiry);
        var second = TurnEntries.For([A], "key", TurnEntries.GatewayExpiry);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Entries_of_one_relay_are_adjacent_with_the_IPv4_one_first()
    {
        var entries = TurnEntries.For([A, B], "key", DateTimeOffset.UnixEpoch);
        Assert.Equal(
            [(A.RelayId, "198.51.100.10:3478"), (A.RelayId, "[2001:db8::10]:3478"), (B.RelayId, "198.51.100.10:3478"), (B.RelayId, "[2001:db8::10]:3478")],
            entries.Select(e => (e.Id, e.Addr)));
    }

    private static RelayPresence Relay() =>
        new(Guid.NewGuid(), Guid.NewGuid(), "secret", "198.51.100.10", "2001:db8::10", 3478, Location.Unknown);

    private static RelayDirectoryView View(bool settled, params RelayPresence[] relays) => new(Guid.NewGuid(), 1, settled, relays);
}
