using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Retry;

namespace Firezone.Edge.Tests.PortalClient.Retry;

public sealed class RetryScheduleTests
{
    private static readonly double[] Nominal =
        [0.5, 0.75, 1.125, 1.6875, 2.53125, 3.796875, 5.6953, 8.5430, 12.8145, 19.2217, 28.8325, 43.2488, 60, 60];

    [Fact]
    public void Delays_after_a_join_grow_by_half_up_to_a_minute()
    {
        var schedule = Joined(new RetrySettings(), () => 0.5);

        foreach (var expected in Nominal)
            Assert.Equal(expected, schedule.Next(TimeSpan.Zero, null)!.Value.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public void Jitter_is_uniform_within_half_of_the_nominal_delay()
    {
        var random = new Random(7);
        var sums = new double[Nominal.Length];
        const int Samples = 10_000;
        for (var i = 0; i < Samples; i++)
        {
            var schedule = Joined(new RetrySettings(), random.NextDouble);
            for (var step = 0; step < Nominal.Length; step++)
            {
                var delay = schedule.Next(TimeSpan.Zero, null)!.Value.TotalSeconds;
                Assert.InRange(delay, Nominal[step] * 0.4999, Nominal[step] * 1.5001);
                sums[step] += delay;
            }
        }

        for (var step = 0; step < Nominal.Length; step++)
            Assert.InRange(sums[step] / Samples, Nominal[step] * 0.98, Nominal[step] * 1.02);
    }

    [Fact]
    public void Attempts_before_the_first_join_are_a_second_apart_for_fifteen_seconds()
    {
        var schedule = new RetrySchedule(new RetrySettings(), () => 0.9);

        for (var second = 100; second < 115; second++)
            Assert.Equal(TimeSpan.FromSeconds(1), schedule.Next(TimeSpan.FromSeconds(second), null));
        Assert.Null(schedule.Next(TimeSpan.FromSeconds(115), null));
    }

    [Theory]
    [InlineData(PortalRole.Gateway)]
    [InlineData(PortalRole.Relay)]
    public void A_day_after_the_first_failure_a_gateway_or_relay_gives_up(PortalRole role)
    {
        var schedule = Joined(new RetrySettings { PartitionLimit = role.DefaultPartitionLimit() }, () => 0.5);
        var first = TimeSpan.FromDays(3);
        schedule.Next(first, null);

        Assert.NotNull(schedule.Next(first + new TimeSpan(23, 59, 0), null));
        Assert.Null(schedule.Next(first + TimeSpan.FromHours(24), null));
    }

    [Fact]
    public void A_client_never_gives_up_once_it_was_joined()
    {
        var schedule = Joined(new RetrySettings { PartitionLimit = PortalRole.Client.DefaultPartitionLimit() }, () => 0.5);
        schedule.Next(TimeSpan.Zero, null);

        Assert.NotNull(schedule.Next(TimeSpan.FromDays(365), null));
    }

    [Fact]
    public void The_clock_starts_at_the_first_failure_after_the_last_join()
    {
        var schedule = Joined(new RetrySettings { PartitionLimit = TimeSpan.FromHours(1) }, () => 0.5);
        schedule.Next(TimeSpan.Zero, null);
        schedule.Joined();

        Assert.NotNull(schedule.Next(TimeSpan.FromHours(2), null));
        Assert.NotNull(schedule.Next(TimeSpan.FromHours(2.9), null));
        Assert.Null(schedule.Next(TimeSpan.FromHours(3), null));
    }

    [Fact]
    public void An_owners_restart_forgets_delays_and_clock()
    {
        var schedule = Joined(new RetrySettings { PartitionLimit = TimeSpan.FromHours(1) }, () => 0.5);
        for (var i = 0; i < 6; i++)
            schedule.Next(TimeSpan.Zero, null);

        schedule.Restart();

        Assert.Equal(TimeSpan.FromSeconds(0.5), schedule.Next(TimeSpan.FromHours(5), null));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 1)]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    [InlineData(4294967296, 300)]
    public void A_retry_after_is_obeyed_between_a_second_and_five_minutes(long asked, int waited)
    {
        var schedule = Joined(new RetrySettings(), () => 0.9);

        Assert.Equal(TimeSpan.FromSeconds(waited), schedule.Next(TimeSpan.Zero, TimeSpan.FromSeconds(asked)));
    }

    [Fact]
    public void A_retry_after_neither_advances_the_backoff_nor_consults_the_clock()
    {
        var schedule = Joined(new RetrySettings { PartitionLimit = TimeSpan.FromMinutes(1) }, () => 0.5);
        for (var i = 0; i < 6; i++)
            schedule.Next(TimeSpan.Zero, null);

        Assert.Equal(TimeSpan.FromSeconds(9), schedule.Next(TimeSpan.FromHours(1), TimeSpan.FromSeconds(9)));

        Assert.Equal(Nominal[6], schedule.Next(TimeSpan.FromSeconds(30), null)!.Value.TotalSeconds, tolerance: 0.001);
    }

    private static RetrySchedule Joined(RetrySettings settings, Func<double> uniform)
    {
        var schedule = new RetrySchedule(settings, uniform);
        schedule.Joined();
        return schedule;
    }
}
