using Firezone.Membership.Postgres.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Membership.Postgres.Tests.Hosting;

public sealed class SiloCountAlarmTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SiloCountAlarm _alarm;

    public SiloCountAlarmTests() => _alarm = new SiloCountAlarm(
        Options.Create(new PostgresMembershipOptions { ExpectedSilos = 3, ExpectedSilosGrace = TimeSpan.FromSeconds(60) }),
        _time,
        NullLogger<SiloCountAlarm>.Instance);

    public void Dispose() => _alarm.Dispose();

    [Fact]
    public void Too_few_silos_raise_the_alarm_only_after_the_grace()
    {
        _alarm.Count(2);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_alarm.IsRaised);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_alarm.IsRaised);
    }

    [Fact]
    public void A_rolling_deploy_raises_no_alarm()
    {
        for (var restart = 0; restart < 10; restart++)
        {
            _alarm.Count(2);
            _time.Advance(TimeSpan.FromSeconds(40));
            _alarm.Count(3);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(_alarm.IsRaised);
    }

    [Fact]
    public void Losing_more_silos_does_not_start_the_grace_again()
    {
        _alarm.Count(2);
        _time.Advance(TimeSpan.FromSeconds(50));
        _alarm.Count(1);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_alarm.IsRaised);
        _alarm.Count(3);
        Assert.False(_alarm.IsRaised);
    }
}
