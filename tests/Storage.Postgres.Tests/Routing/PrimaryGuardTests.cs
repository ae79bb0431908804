using Firezone.Storage.Postgres.Routing;

namespace Firezone.Storage.Postgres.Tests.Routing;

public sealed class PrimaryGuardTests
{
    [Fact]
    public void A_former_primary_is_refused_and_the_promoted_one_is_not()
    {
        var promotions = 0;
        var guard = new PrimaryGuard { Promoted = () => promotions++ };
        guard.Admit(1, 7);
        guard.Admit(1, 7);
        Assert.Equal(0, promotions);
        guard.Admit(2, 7);
        Assert.Equal(1, promotions);
        Assert.Throws<OldPrimaryException>(() => guard.Admit(1, 7));
        Assert.Throws<OldPrimaryException>(() => guard.Admit(1));
        guard.Admit(2);
        guard.Admit(PrimaryGuard.Timeline("0000000A"), 7);
        Assert.Throws<OldPrimaryException>(() => guard.Admit(9, 7));
    }

    [Fact]
    public void Other_data_have_another_history()
    {
        var guard = new PrimaryGuard();
        guard.Admit(5, 7);
        guard.Admit(1, 8);
        Assert.Equal(8, guard.System);
        guard.Admit(2, 8);
        Assert.Throws<OldPrimaryException>(() => guard.Admit(1, 8));
    }
}
