using Firezone.Silos.Operations.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Operations.Tests.Access;

public sealed class KnownTokensTests
{
    [Fact]
    public void A_token_is_known_for_an_hour_or_until_it_is_refused()
    {
        var time = new FakeTimeProvider();
        var known = new KnownTokens(time);
        Assert.False(known.Knows("a"));
        known.Remember("a");
        known.Remember("b");
        time.Advance(KnownTokens.Lifetime);
        Assert.True(known.Knows("a"));
        known.Forget("b");
        Assert.False(known.Knows("b"));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.False(known.Knows("a"));
    }
}
