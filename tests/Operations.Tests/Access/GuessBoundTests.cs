using System.Net;
using Firezone.Silos.Operations.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Operations.Tests.Access;

public sealed class GuessBoundTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GuessBound _bound;

    public GuessBoundTests() => _bound = new GuessBound(_time);

    [Fact]
    public void An_address_has_its_share_and_a_new_one_after_a_minute()
    {
        var address = IPAddress.Parse("198.51.100.7");
        for (var i = 0; i < GuessBound.PerAddress; i++)
            Assert.True(_bound.TryBegin(address));
        Assert.False(_bound.TryBegin(address));
        Assert.True(_bound.TryBegin(IPAddress.Parse("198.51.100.8")));
        _time.Advance(GuessBound.Window);
        Assert.True(_bound.TryBegin(address));
    }

    [Fact]
    public void Right_tokens_do_not_count()
    {
        for (var i = 0; i < GuessBound.Overall * 2; i++)
        {
            Assert.True(_bound.TryBegin(null));
            _bound.WasRight(null);
        }
    }

    [Fact]
    public void Many_addresses_share_one_bound()
    {
        for (var i = 0; i < GuessBound.Overall; i++)
            Assert.True(_bound.TryBegin(new IPAddress(i)));
        Assert.False(_bound.TryBegin(IPAddress.Loopback));
    }
}
