using Firezone.Grains.Policies;
using static Firezone.Grains.Tests.Policies.Conditions;

namespace Firezone.Grains.Tests.Policies;

// 2026-01-05 is a Monday.
public sealed class TimeConditionTests
{
    [Theory]
    [InlineData("2026-01-05T07:59:59.9999999", null)]
    [InlineData("2026-01-05T08:00:00", "2026-01-05T17:00:00")]
    [InlineData("2026-01-05T16:59:59.9999999", "2026-01-05T17:00:00")]
    [InlineData("2026-01-05T17:00:00", "2026-01-05T17:00:00")]
    [InlineData("2026-01-05T17:00:00.0000001", null)]
    [InlineData("2026-01-04T12:00:00", null)]
    [InlineData("2026-01-06T12:00:00", null)]
    public void Both_ends_are_inside_at_full_precision(string now, string? end) => AssertEnd(end, now, "M/08:00-17:00/UTC");

    [Theory]
    [InlineData("2026-01-05T00:00:00", "2026-01-05T23:59:59")]
    [InlineData("2026-01-05T23:59:59", "2026-01-05T23:59:59")]
    [InlineData("2026-01-05T23:59:59.5", null)]
    public void The_whole_day_ends_with_its_last_full_second(string now, string? end)
    {
        AssertEnd(end, now, "M/true/UTC");
        AssertEnd(end, now, "M/0-23:59:59/UTC");
    }

    [Theory]
    [InlineData("M", 5)]
    [InlineData("T", 6)]
    [InlineData("W", 7)]
    [InlineData("R", 8)]
    [InlineData("F", 9)]
    [InlineData("S", 10)]
    [InlineData("U", 11)]
    public void Each_letter_is_one_day(string letter, int day)
    {
        for (var other = 5; other <= 11; other++)
            AssertEnd(other == day ? $"2026-01-{day:00}T23:59:59" : null, $"2026-01-{other:00}T12:00:00", letter + "/true/UTC");
    }

    [Theory]
    [InlineData("M/8-17/UTC", "2026-01-05T08:00:00")]
    [InlineData("M/8:0-17/UTC", "2026-01-05T08:00:00")]
    [InlineData("M/08:00:01-17:00:00/UTC", "2026-01-05T08:00:01")]
    [InlineData("M/08:00:00.999-17:00:00.001/UTC", "2026-01-05T08:00:00")]
    [InlineData("M/, 1-2 ,8-17,/UTC", "2026-01-05T08:00:00")]
    [InlineData("M/9-17,8-10,true/UTC", "2026-01-05T00:00:00")]
    public void Times_are_hours_or_minutes_or_seconds(string value, string start)
    {
        AssertPasses(true, start, value);
        AssertPasses(false, Utc(start).AddTicks(-1), value);
    }

    [Theory]
    [InlineData("M/10-11,11-12/UTC", "2026-01-05T12:00:00")]
    [InlineData("M/11-12,10-11/UTC", "2026-01-05T12:00:00")]
    [InlineData("M/10-11,10:15-10:45/UTC", "2026-01-05T11:00:00")]
    [InlineData("M/10:30-10:40,10-10:35,10:40-10:50/UTC", "2026-01-05T10:50:00")]
    [InlineData("M/10-11:00:00,11:00:01-12/UTC", "2026-01-05T11:00:00")]
    public void Ranges_of_a_day_that_overlap_or_touch_are_one(string value, string end) => AssertEnd(end, "2026-01-05T10:30:00", value);

    [Fact]
    public void Ranges_of_separate_values_merge_if_day_and_zone_are_equal()
    {
        AssertEnd("2026-01-05T12:00:00", "2026-01-05T10:30:00", "M/10-11/UTC", "M/11-12/UTC");
        AssertEnd("2026-01-05T11:00:00", "2026-01-05T10:30:00", "M/10-11/UTC", "M/11:30-12/UTC", "T/11-12/UTC");
    }

    [Fact]
    public void Ranges_of_two_zones_stay_apart_and_the_later_end_counts()
    {
        // 12–13 in Berlin is 11–12 UTC.
        AssertEnd("2026-01-05T11:00:00", "2026-01-05T10:30:00", "M/10-11/UTC", "M/12-13/Europe/Berlin");
        AssertEnd("2026-01-05T12:00:00", "2026-01-05T11:00:00", "M/10-11/UTC", "M/12-13/Europe/Berlin");
    }

    [Fact]
    public void The_day_is_the_zones_day()
    {
        AssertEnd("2026-01-06T05:59:59", "2026-01-06T03:00:00", "M/08:00-17:00,20:00-23:59:59/America/Merida");
        AssertEnd(null, "2026-01-05T03:00:00", "M/true/America/Merida");
        AssertEnd("2026-01-05T09:59:59", "2026-01-04T12:00:00", "M/true/Pacific/Kiritimati");
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("M/")]
    [InlineData("M/8-17")]
    [InlineData("M/8-17/")]
    [InlineData("m/8-17/UTC")]
    [InlineData("Mo/8-17/UTC")]
    [InlineData("X/8-17/UTC")]
    [InlineData("/8-17/UTC")]
    [InlineData("M/8/UTC")]
    [InlineData("M/17-8/UTC")]
    [InlineData("M/8-24:00/UTC")]
    [InlineData("M/8-17:60/UTC")]
    [InlineData("M/8-17:00:60/UTC")]
    [InlineData("M/8-17:00:00:00/UTC")]
    [InlineData("M/008-17/UTC")]
    [InlineData("M/8 - 17/UTC")]
    [InlineData("M/8--17/UTC")]
    [InlineData("M/-8-17/UTC")]
    [InlineData("M/8-17:/UTC")]
    [InlineData("M/8-17./UTC")]
    [InlineData("M/8-17.x/UTC")]
    [InlineData("M/٨-17/UTC")]
    [InlineData("M/True/UTC")]
    [InlineData("M/8-17, ,18-19/UTC")]
    [InlineData("M/8-17/Europe/Nowhere")]
    [InlineData("M/8-17/europe/berlin")]
    [InlineData("M/8-17/Europe/berlin")]
    [InlineData("M/8-17/Utc")]
    [InlineData("M/8-17/utc")]
    [InlineData("M/8-17/localtime")]
    [InlineData("M/8-17/posix/UTC")]
    [InlineData("M/8-17/../zoneinfo/UTC")]
    [InlineData("M/8-17//UTC")]
    [InlineData("M/8-17/A/../UTC")]
    [InlineData("M/8-17/Pacific Standard Time")]
    public void An_unreadable_value_fails_the_whole_condition(string value)
    {
        // A zone that was looked up before must not make another spelling of it valid.
        AssertPasses(true, "2026-01-05T12:00:00", "M/8-17/Europe/Berlin");
        AssertPasses(false, "2026-01-05T12:00:00", value);
        AssertPasses(false, "2026-01-05T12:00:00", "M/true/UTC", value);
    }

    [Fact]
    public void A_day_without_ranges_is_valid_and_never_open()
    {
        AssertPasses(false, "2026-01-05T12:00:00", "M//UTC");
        AssertPasses(true, "2026-01-06T12:00:00", "M//UTC", "T/true/UTC");
    }

    // New York, 2026-03-08 (a Sunday): 02:00 EST = 07:00 UTC becomes 03:00 EDT.
    [Theory]
    [InlineData("01:00-03:30", "2026-03-08T06:30:00", "2026-03-08T07:30:00")]
    [InlineData("01:00-02:30", "2026-03-08T06:30:00", "2026-03-08T07:00:00")]
    [InlineData("01:00-02:30", "2026-03-08T07:00:00", null)]
    [InlineData("01:00-02:00", "2026-03-08T06:30:00", "2026-03-08T07:00:00")]
    [InlineData("01:00-03:00", "2026-03-08T06:30:00", "2026-03-08T07:00:00")]
    [InlineData("01:00-03:00", "2026-03-08T07:00:00", "2026-03-08T07:00:00")]
    [InlineData("02:15-02:45", "2026-03-08T07:30:00", null)]
    [InlineData("02:15-05:00", "2026-03-08T06:59:59", null)]
    [InlineData("02:15-05:00", "2026-03-08T07:00:00", "2026-03-08T09:00:00")]
    [InlineData("true", "2026-03-08T05:00:00", "2026-03-09T03:59:59")]
    public void Skipped_local_times_never_happen(string range, string now, string? end) =>
        AssertEnd(end, now, $"U/{range}/America/New_York");

    // New York, 2026-11-01 (a Sunday): 02:00 EDT = 06:00 UTC becomes 01:00 EST.
    [Theory]
    [InlineData("00:00-01:30", "2026-11-01T04:30:00", "2026-11-01T05:30:00")]
    [InlineData("00:00-01:30", "2026-11-01T05:45:00", null)]
    [InlineData("00:00-01:30", "2026-11-01T06:00:00", "2026-11-01T06:30:00")]
    [InlineData("01:15-01:30", "2026-11-01T05:20:00", "2026-11-01T05:30:00")]
    [InlineData("01:15-01:30", "2026-11-01T06:20:00", "2026-11-01T06:30:00")]
    [InlineData("01:45-03:00", "2026-11-01T05:50:00", "2026-11-01T06:00:00")]
    [InlineData("01:45-03:00", "2026-11-01T06:00:00", null)]
    [InlineData("01:45-03:00", "2026-11-01T06:45:00", "2026-11-01T08:00:00")]
    [InlineData("00:00-02:00", "2026-11-01T05:30:00", "2026-11-01T07:00:00")]
    [InlineData("true", "2026-11-01T04:00:00", "2026-11-02T04:59:59")]
    public void Repeated_local_times_happen_twice(string range, string now, string? end) =>
        AssertEnd(end, now, $"U/{range}/America/New_York");

    [Theory]
    [InlineData("U/02:15-05:00/America/New_York", "2026-03-08T06:00:00", "2026-03-08T07:00:00")]
    [InlineData("U/02:15-02:45/America/New_York", "2026-03-08T06:00:00", "2026-03-15T06:15:00")]
    [InlineData("U/03:00-05:00/America/New_York", "2026-03-08T06:00:00", "2026-03-08T07:00:00")]
    [InlineData("U/01:45-03:00/America/New_York", "2026-11-01T05:50:00", "2026-11-01T06:00:00")]
    [InlineData("U/01:45-03:00/America/New_York", "2026-11-01T06:00:00", "2026-11-01T06:45:00")]
    [InlineData("U/02:00-03:00/America/New_York", "2026-11-01T05:50:00", "2026-11-01T07:00:00")]
    [InlineData("M/08:00-17:00/UTC", "2026-01-05T17:00:00.0000001", "2026-01-12T08:00:00")]
    [InlineData("M/08:00-17:00/UTC", "2026-01-05T12:00:00", "2026-01-05T17:00:00.0000001")]
    [InlineData("M/08:00-08:00/UTC", "2026-01-05T08:00:00", "2026-01-05T08:00:00.0000001")]
    public void The_next_change_is_known(string value, string now, string next) =>
        Assert.Equal(Utc(next), PolicyEvaluator.NextChange(Times(value), Utc(now)));

    [Fact]
    public void Instants_at_the_ends_of_the_calendar_are_survived()
    {
        foreach (var zone in new[] { "UTC", "Pacific/Kiritimati", "America/New_York" })
        {
            var times = Times($"M/true/{zone}", $"F/8-17/{zone}");
            foreach (var now in new[] { DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.MinValue.AddDays(1) })
            {
                PolicyEvaluator.Evaluate(times, Anyone, now);
                PolicyEvaluator.NextChange(times, now);
            }
        }
    }

    private static void AssertEnd(string? end, string now, params string[] values)
    {
        var expected = end is null ? default : new Evaluation(true, Utc(end));
        Assert.Equal(expected, PolicyEvaluator.Evaluate(Times(values), Anyone, Utc(now)));
    }

    private static void AssertPasses(bool passes, string now, params string[] values) => AssertPasses(passes, Utc(now), values);

    private static void AssertPasses(bool passes, DateTimeOffset now, params string[] values) =>
        Assert.Equal(passes, PolicyEvaluator.Evaluate(Times(values), Anyone, now).Conforms);
}
