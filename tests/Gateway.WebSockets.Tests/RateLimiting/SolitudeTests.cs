using Firezone.Gateway.WebSockets.RateLimiting;
using Firezone.Grains.Abstractions.RateLimiting;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.RateLimiting;

public sealed class SolitudeTests
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(7);

    private readonly FakeTimeProvider _clock = new();
    private readonly Solitude _solitude;

    public SolitudeTests() => _solitude = new Solitude(new ConnectRate(1, 1), _clock);

    [Fact]
    public void It_begins_when_what_others_gave_out_is_refilled()
    {
        Told(true);
        Assert.False(_solitude.IsAlone);
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Told(true);
        Assert.False(_solitude.IsAlone);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Told(true);
        Assert.True(_solitude.IsAlone);
    }

    [Fact]
    public void It_ends_unless_it_is_said_again()
    {
        Begin();
        _clock.Advance(Validity - TimeSpan.FromMilliseconds(1));
        Assert.True(_solitude.IsAlone);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_solitude.IsAlone);
        Told(true);
        Assert.True(_solitude.IsAlone);
    }

    [Fact]
    public void What_was_said_before_another_one_came_counts_no_more()
    {
        Begin();
        var asked = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _solitude.Share();
        Assert.True(_solitude.Told(true, asked, Validity));
        Assert.False(_solitude.IsAlone);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Told(true);
        Assert.False(_solitude.IsAlone); // It begins anew.
    }

    [Fact]
    public void A_directory_that_says_otherwise_ends_it_and_that_is_told_once()
    {
        Begin();
        Assert.False(Told(false));
        Assert.True(Told(false));
        Assert.False(_solitude.IsAlone);
    }

    private void Begin()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        Told(true);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Told(true);
        Assert.True(_solitude.IsAlone);
    }

    private bool Told(bool alone) => _solitude.Told(alone, _clock.GetTimestamp(), Validity);
}
