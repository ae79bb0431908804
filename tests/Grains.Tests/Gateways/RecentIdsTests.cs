using Firezone.Grains.Gateways;

namespace Firezone.Grains.Tests.Gateways;

public sealed class RecentIdsTests
{
    [Fact]
    public void An_id_is_remembered_over_one_rotation_and_forgotten_at_the_second()
    {
        var recent = new RecentIds();
        var id = Guid.NewGuid();
        recent.Add(id);
        recent.Rotate();
        Assert.True(recent.Contains(id));
        recent.Rotate();
        Assert.False(recent.Contains(id));
        Assert.Equal(0, recent.Count);
    }
}
