using Firezone.Grains.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Grains.Tests.Sessions;

public sealed class PresenceTableTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_entry_ends_when_it_is_not_announced_again()
    {
        var table = new PresenceTable<string>(_time);
        var (kept, lost) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.True(table.Announce(lost, "lost"));
        Assert.True(table.Announce(kept, "kept"));
        _time.Advance(PresenceKeeper.Lifetime);
        Assert.False(table.Announce(kept, "kept"));
        Assert.Empty(table.DropExpired());

        _time.Advance(PresenceKeeper.Lifetime / 2);
        Assert.Equal([lost], table.DropExpired());
        Assert.Equal(["kept"], table.All);
        Assert.Null(table.Find(lost));
    }

    [Fact]
    public void A_changed_entry_replaces_the_one_before()
    {
        var table = new PresenceTable<string>(_time);
        var id = Guid.NewGuid();
        table.Announce(id, "old");
        Assert.Equal(["old"], table.All);
        Assert.True(table.Announce(id, "new"));
        Assert.Equal(["new"], table.All);
        Assert.True(table.Remove(id));
        Assert.False(table.Remove(id));
        Assert.Empty(table.All);
    }
}
