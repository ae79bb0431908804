using CsCheck;
using Firezone.Grains.Policies;
using static Firezone.Grains.Tests.Policies.Conditions;

namespace Firezone.Grains.Tests.Policies;

/// <summary>
/// Compares with a walk through time: is the clock on the wall inside a range, and is it still the same range a moment later? All
/// generated times are whole minutes, so that three looks per minute see every change.
/// </summary>
public sealed class TimeConditionProperties
{
    private const string Letters = "UMTWRFS";

    // Ordinary zones, half-hour clock changes, changes at midnight, a skipped day, no changes.
    private static readonly string[] Zones =
    [
        "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Africa/Casablanca",
        "Asia/Kolkata", "America/Santiago", "UTC",
    ];

    // Around clock changes of these zones, and an ordinary week.
    private static readonly DateTimeOffset[] Days =
    [
        Utc("2026-03-08T07:00:00"), Utc("2026-11-01T06:00:00"), Utc("2026-03-29T01:00:00"), Utc("2026-10-25T01:00:00"),
        Utc("2026-04-04T15:00:00"), Utc("2026-10-03T15:30:00"), Utc("2026-03-08T05:00:00"), Utc("2026-03-28T22:00:00"),
        Utc("2026-10-24T21:00:00"), Utc("2011-12-30T10:00:00"), Utc("2026-02-15T02:00:00"), Utc("2026-03-22T02:00:00"),
        Utc("2026-09-06T04:00:00"), Utc("2026-04-05T03:00:00"), Utc("2026-07-15T12:00:00"),
    ];

    private static readonly Gen<Range> GenRange = Gen.Select(
        Gen.Int[0, 6],
        Gen.OneOf<int>(Gen.Int[0, 1439], Gen.Int[0, 47].Select(half => half * 30)),
        Gen.OneOf<int>(Gen.Int[0, 300], Gen.Int[0, 8].Select(half => half * 30)),
        Gen.Bool,
        (day, start, length, whole) =>
            whole && length % 3 == 0 ? new Range(day, 0, -1) : new Range(day, start, Math.Min(start + length, 1439)));

    private static readonly Gen<(string Zone, Range[] Ranges, DateTimeOffset Now)> GenCase = Gen.Select(
        Gen.OneOf(Zones),
        GenRange.Array[1, 12],
        Gen.OneOf(Days),
        Gen.Int[-36 * 60, 36 * 60],
        Gen.OneOf(0, 1, 300_000_000, 595_000_000),
        (zone, ranges, day, minutes, ticks) => (zone, ranges, day.AddMinutes(minutes).AddTicks(ticks)));

    [Fact]
    public void A_walk_through_time_finds_the_same_outcome_and_end()
    {
        GenCase.Sample(x =>
        {
            var reference = new Wall(x.Zone, x.Ranges);
            var actual = PolicyEvaluator.Evaluate(Compiled(x.Zone, x.Ranges), Anyone, x.Now);
            var at = reference.At(x.Now);
            Assert.Equal(at is not null, actual.Conforms);
            if (at is null)
            {
                Assert.Null(actual.ExpiresAt);
                return;
            }

            // A range that ends as planned has its last instant inside; one that a clock change cuts off has not.
            var (left, inclusive) = reference.Change(x.Now, hours: 60)!.Value;
            Assert.Equal(inclusive ? left.AddTicks(-1) : left, actual.ExpiresAt);
        }, iter: 1000);
    }

    [Fact]
    public void A_walk_through_time_finds_the_same_next_change()
    {
        GenCase.Sample(x =>
        {
            const int hours = 60;
            var actual = PolicyEvaluator.NextChange(Compiled(x.Zone, x.Ranges), x.Now);
            var expected = new Wall(x.Zone, x.Ranges).Change(x.Now, hours);
            if (expected is not null)
                Assert.Equal(expected.Value.Instant, actual);
            else
                Assert.True(actual is null || actual > x.Now.AddHours(hours));
        }, iter: 1000);
    }

    [Fact]
    public void Until_the_next_change_of_several_conditions_the_outcome_stays()
    {
        Gen.Select(GenCase, GenCase, Gen.Int[0, 100]).Sample((a, b, percent) =>
        {
            var compiled = Compile(
                Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", Values(a.Zone, a.Ranges)),
                Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", [.. Values(b.Zone, b.Ranges), .. Values(a.Zone, b.Ranges)]));
            var now = a.Now;
            var next = PolicyEvaluator.NextChange(compiled, now);
            Assert.True(next is not null && next > now);

            var before = PolicyEvaluator.Evaluate(compiled, Anyone, now);
            var between = now.AddTicks((next.Value - now).Ticks * percent / 100);
            foreach (var instant in new[] { between < next ? between : now, next.Value.AddTicks(-1) })
                Assert.Equal(before, PolicyEvaluator.Evaluate(compiled, Anyone, instant));
        }, iter: 3000);
    }

    private static CompiledConditions Compiled(string zone, Range[] ranges) => Times(Values(zone, ranges));

    private static string[] Values(string zone, Range[] ranges) =>
        [.. ranges.Select(range => $"{Letters[range.Day]}/{range}/{zone}")];

    /// <param name="Day">0 is Sunday.</param>
    /// <param name="Start">Minute of the day.</param>
    /// <param name="End">Minute of the day; -1 for the last second.</param>
    public sealed record Range(int Day, int Start, int End)
    {
        public TimeSpan From => TimeSpan.FromMinutes(Start);

        public TimeSpan To => End < 0 ? new TimeSpan(23, 59, 59) : TimeSpan.FromMinutes(End);

        public override string ToString() => End < 0 ? "true" : $"{From:hh\\:mm}-{To:hh\\:mm}";
    }

    private sealed class Wall(string zone, Range[] ranges)
    {
        private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(zone);

        /// <summary>The stretch of the calendar that is open at an instant: its date and the ends of all ranges joined there.</summary>
        public (DateTime Date, TimeSpan From, TimeSpan To)? At(DateTimeOffset instant)
        {
            var local = TimeZoneInfo.ConvertTime(instant, _zone).DateTime;
            var open = ranges.Where(r => r.Day == (int)local.DayOfWeek && r.From <= local.TimeOfDay && local.TimeOfDay <= r.To).ToList();
            if (open.Count == 0)
                return null;

            var (from, to) = (open.Min(r => r.From), open.Max(r => r.To));
            while (ranges.FirstOrDefault(r =>
                r.Day == (int)local.DayOfWeek && r.From <= to && r.To >= from && (r.From < from || r.To > to)) is { } more)
            {
                (from, to) = (more.From < from ? more.From : from, more.To > to ? more.To : to);
            }

            return (local.Date, from, to);
        }

        /// <summary>The first instant that is in another stretch than now; inclusive if the stretch's end was inside it.</summary>
        public (DateTimeOffset Instant, bool Inclusive)? Change(DateTimeOffset now, int hours)
        {
            var stretch = At(now);
            var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
            for (var i = 0; i <= hours * 60; i++, minute = minute.AddMinutes(1))
            {
                // A start or a clock change; then the end of a range; then the end of the whole day.
                if (minute > now && At(minute) != stretch)
                    return (minute, false);
                if (minute.AddTicks(1) > now && At(minute.AddTicks(1)) != stretch)
                    return (minute.AddTicks(1), true);
                var last = minute.AddSeconds(59).AddTicks(1);
                if (last > now && At(last) != stretch)
                    return (last, true);
            }

            return null;
        }
    }
}
