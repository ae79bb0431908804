using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Options;
using Xunit.Abstractions;

namespace Firezone.Gateway.WebSockets.Tests.Admission;

public sealed class AdmissionControlTests(ITestOutputHelper output)
{
    private readonly AdmissionOptions _options = new() { MaxPerSecond = 5_000 };

    [Fact]
    public void Whatever_happens_the_bounds_hold_and_nothing_is_lost()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 10; run++)
        {
            var least = random.Next(1, 20);
            var options = new AdmissionOptions
            {
                MinUnderWay = least,
                MaxUnderWay = least + random.Next(200),
                MaxPerSecond = random.Next(1, 3_000),
                MaxRetryAfter = random.Next(5, 60),
            };
            var control = new AdmissionControl(options);
            var now = TimeSpan.Zero;
            var (connects, joins) = (new List<TimeSpan>(), new List<TimeSpan>());
            var away = new List<TimeSpan>();
            var entered = 0;
            for (var step = 0; step < 3_000; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(30) == 0 ? random.Next(3_000) : random.NextDouble());
                switch (random.Next(4))
                {
                    case 0 when connects.Count > 0:
                        control.Leave(now, Take(connects, random), (ConnectEnd)random.Next(5));
                        break;
                    case 1 when joins.Count > 0:
                        control.JoinEnded(now, Take(joins, random), random.Next(10) == 0);
                        break;
                    case 2 when random.Next(4) == 0:
                        control.JoinBegan(now);
                        joins.Add(now);
                        break;
                    default:
                        var (before, verdict) = (control.UnderWay, control.TryEnter(now));
                        if (verdict == EntryVerdict.Entered)
                        {
                            Assert.True(before < control.Limit);
                            connects.Add(now);
                            entered++;
                        }
                        else
                        {
                            Assert.Equal(verdict == EntryVerdict.UnderWay, before >= control.Limit);
                            var wait = control.SendAway(now, 2, random.NextDouble());
                            Assert.InRange(wait, 1, options.MaxRetryAfter);
                            away.Add(TimeSpan.FromSeconds(Math.Floor(now.TotalSeconds) + wait));
                        }

                        break;
                }

                Assert.Equal(connects.Count + joins.Count, control.UnderWay);
                Assert.InRange(control.Limit, options.MinUnderWay, options.MaxUnderWay);
                Assert.InRange(control.PerSecond, Math.Min(AdmissionControl.MinPerSecond, options.MaxPerSecond), options.MaxPerSecond);
                control.TakeEndedStorm(now);
                Assert.Equal(away.Count(due => due > now), control.Waiting);
            }

            // What was given back enters again.
            Assert.True(entered <= options.MaxPerSecond * (0.25 + now.TotalSeconds) + 3_000);
        }
    }

    [Fact]
    public void Sixty_four_devices_in_a_closed_loop_at_the_full_pace_of_a_small_machine_are_never_refused()
    {
        var control = new AdmissionControl(_options);
        // Two processors, 275 us each; the first of everything takes a second.
        var now = TimeSpan.Zero;
        var loop = new Queue<TimeSpan>();
        for (var i = 0; i < 64; i++)
            Enter();
        now += TimeSpan.FromSeconds(1);
        for (var i = 0; i < 100_000; i++)
        {
            control.Leave(now, loop.Dequeue(), ConnectEnd.Decided);
            Enter();
            now += TimeSpan.FromMicroseconds(275);
        }

        Assert.Null(control.Storm);

        void Enter()
        {
            Assert.Equal(EntryVerdict.Entered, control.TryEnter(now));
            loop.Enqueue(now);
        }
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(1_000)]
    public void Twenty_thousand_devices_at_once_are_all_connected_soon_and_keep_the_way_short(int perSecond)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var control = new AdmissionControl(_options);
        var storm = new SimulatedStorm(control, random) { PerSecond = perSecond };
        for (var i = 0; i < 20_000; i++)
            storm.Arrive(TimeSpan.FromSeconds(random.NextDouble()));

        storm.Run(TimeSpan.FromSeconds(120));
        output.WriteLine(
            $"{storm.Connected} connected in {storm.Now.TotalSeconds:0.0} s after {storm.Refused} refusals; at most {storm.MostUnderWay} under way, "
            + $"the slowest took {storm.Slowest.TotalMilliseconds:0} ms, "
            + $"from the third second on {storm.SlowestAfter(TimeSpan.FromSeconds(2)).TotalMilliseconds:0} ms");
        Assert.Equal(20_000, storm.Connected);
        // Twice the time that the machine needs, and the last Retry-After.
        Assert.InRange(storm.Now.TotalSeconds, 0, 2 * 20_000.0 / perSecond + _options.MaxRetryAfter);
        Assert.InRange(storm.Refused, 0, 20_000 * 6);
        Assert.InRange(storm.Slowest.TotalMilliseconds, 0, 400);
        Assert.InRange(storm.SlowestAfter(TimeSpan.FromSeconds(2)).TotalMilliseconds, 0, 250);
    }

    [Fact]
    public void While_the_database_is_away_few_connects_are_tried_and_afterwards_all_come_in()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var control = new AdmissionControl(_options);
        var storm = new SimulatedStorm(control, random) { PerSecond = 2_000, Outage = (TimeSpan.Zero, TimeSpan.FromSeconds(20)) };
        for (var i = 0; i < 5_000; i++)
            storm.Arrive(TimeSpan.FromSeconds(random.NextDouble()));

        storm.Run(TimeSpan.FromSeconds(19));
        Assert.Equal(0, storm.Connected);
        Assert.Equal((_options.MinUnderWay, AdmissionControl.MinPerSecond), (control.Limit, control.PerSecond));
        storm.Run(TimeSpan.FromSeconds(120));
        output.WriteLine($"all connected {storm.Now.TotalSeconds - 20:0.0} s after the end");
        Assert.Equal(5_000, storm.Connected);
        Assert.InRange(storm.Now.TotalSeconds, 20, 20 + _options.MaxRetryAfter * 1.5);
    }

    [Fact]
    public void What_has_always_been_slow_is_not_taken_for_a_storm()
    {
        var control = new AdmissionControl(_options);
        var inside = new Queue<TimeSpan>();
        var before = control.Limit;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(20); now += TimeSpan.FromMilliseconds(4))
        {
            Assert.Equal(EntryVerdict.Entered, control.TryEnter(now));
            inside.Enqueue(now);
            if (now - inside.Peek() >= TimeSpan.FromMilliseconds(400))
                control.Leave(now, inside.Dequeue(), ConnectEnd.Decided);
        }

        Assert.InRange(control.Limit, before, _options.MaxUnderWay);
    }

    [Fact]
    public void A_few_failures_among_many_connects_change_nothing()
    {
        var control = new AdmissionControl(_options);
        var before = control.Limit;
        for (var (i, now) = (0, TimeSpan.Zero); i < 10_000; i++, now += TimeSpan.FromMilliseconds(1))
        {
            Assert.Equal(EntryVerdict.Entered, control.TryEnter(now));
            control.Leave(now, now, i % 10 == 0 ? ConnectEnd.Failed : ConnectEnd.Decided);
        }

        Assert.Equal((before, _options.MaxPerSecond), (control.Limit, (int)control.PerSecond));
    }

    [Fact]
    public void Connects_that_ask_nobody_take_nothing_from_the_rate()
    {
        var control = new AdmissionControl(new AdmissionOptions { MaxPerSecond = 8 });
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(EntryVerdict.Entered, control.TryEnter(TimeSpan.Zero));
            control.Leave(TimeSpan.Zero, TimeSpan.Zero, ConnectEnd.Nothing);
        }

        Assert.Equal(EntryVerdict.Entered, control.TryEnter(TimeSpan.Zero));
        Assert.Equal(EntryVerdict.Entered, control.TryEnter(TimeSpan.Zero));
        Assert.Equal(EntryVerdict.Rate, control.TryEnter(TimeSpan.Zero));
        Assert.Equal(EntryVerdict.Entered, control.TryEnter(TimeSpan.FromSeconds(0.125)));
    }

    [Fact]
    public void A_storm_lasts_from_the_first_refusal_to_ten_seconds_after_the_last()
    {
        var control = new AdmissionControl(new AdmissionOptions { MaxPerSecond = 4 });
        Assert.Equal(EntryVerdict.Entered, control.TryEnter(At(0)));
        Assert.Null(control.Storm);
        Assert.Equal(EntryVerdict.Rate, control.TryEnter(At(0)));
        Assert.Equal(3, control.SendAway(At(0), 5, 0.5));
        Assert.Equal(EntryVerdict.Entered, control.TryEnter(At(1)));
        Assert.Equal(EntryVerdict.Rate, control.TryEnter(At(1)));
        Assert.Null(control.TakeEndedStorm(At(10.9)));
        var storm = control.TakeEndedStorm(At(11));
        Assert.Equal((1, 2, 0, 1), (storm!.Entered, storm.RefusedRate, storm.RefusedUnderWay, storm.MostWaiting));
        Assert.Null(control.Storm);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Take(List<TimeSpan> from, Random random)
    {
        var index = random.Next(from.Count);
        var taken = from[index];
        from.RemoveAt(index);
        return taken;
    }
}
