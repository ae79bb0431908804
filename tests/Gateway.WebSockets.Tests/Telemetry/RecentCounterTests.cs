using Firezone.Gateway.WebSockets.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Telemetry;

public sealed class RecentCounterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecentCounter _counter;

    public RecentCounterTests() => _counter = new RecentCounter(_time);

    [Fact]
    public void A_minute_is_remembered_and_no_more()
    {
        _counter.Add();
        _time.Advance(TimeSpan.FromSeconds(59));
        _counter.Add();
        Assert.Equal(2, _counter.Read().LastMinute);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _counter.Read().LastMinute);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 0.0), _counter.Read());
    }

    [Fact]
    public void The_rate_is_that_of_the_last_ten_whole_seconds()
    {
        for (var second = 0; second < 30; second++)
        {
            for (var i = 0; i < (second < 20 ? 100 : 7); i++)
                _counter.Add();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(7.0, _counter.Read().PerSecond);
    }

    [Fact]
    public void At_the_beginning_the_rate_is_over_the_seconds_that_there_were()
    {
        _counter.Add();
        _counter.Add();
        _counter.Add();
        _counter.Add();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2.0, _counter.Read().PerSecond);
    }
}
