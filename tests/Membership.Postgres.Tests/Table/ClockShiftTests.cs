using CsCheck;
using Firezone.Membership.Postgres.Table;

namespace Firezone.Membership.Postgres.Tests.Table;

public sealed class ClockShiftTests
{
    private static readonly Gen<TimeSpan> Offsets = Gen.Double[-100_000, 100_000].Select(TimeSpan.FromSeconds);
    private static readonly Gen<ClockShift> Shifts = Offsets.Select(offset => default(ClockShift).Observe(offset, offset));

    [Fact]
    public void Clocks_within_a_second_need_no_shift() =>
        Gen.Double[-1, 1].Select(TimeSpan.FromSeconds).Array[1, 50].Sample(offsets =>
            offsets.Aggregate(default(ClockShift), (shift, offset) => shift.Observe(offset, offset)) == default);

    [Fact]
    public void After_an_exact_measurement_the_error_is_within_the_tolerance() =>
        Gen.Select(Shifts, Offsets).Sample((shift, offset) =>
            (shift.Observe(offset, offset).Value - offset).Duration() <= ClockShift.Tolerance);

    [Fact]
    public void The_shift_is_whole_seconds() =>
        Gen.Select(Shifts, Offsets, Offsets).Sample((shift, a, b) => shift.Observe(a, b).Value.Ticks % TimeSpan.TicksPerSecond == 0);

    [Fact]
    public void Small_variations_change_it_at_most_once() =>
        Gen.Select(Shifts, Offsets, Gen.Double[0, 0.499].Select(TimeSpan.FromSeconds).Array[1, 50]).Sample((shift, offset, noise) =>
        {
            var changes = 0;
            foreach (var delta in noise)
            {
                var next = shift.Observe(offset + delta, offset + delta);
                changes += next == shift ? 0 : 1;
                shift = next;
            }
            return changes <= 1;
        });

    [Fact]
    public void A_slow_answer_that_leaves_room_for_the_present_shift_changes_nothing() =>
        Gen.Select(Shifts, Gen.Double[0, 60].Select(TimeSpan.FromSeconds), Gen.Double[0, 60].Select(TimeSpan.FromSeconds)).Sample(
            (shift, before, after) => shift.Observe(shift.Value - before, shift.Value + after) == shift);

    [Fact]
    public void A_clock_that_is_set_back_during_a_measurement_does_no_harm()
    {
        var second = TimeSpan.FromSeconds(1);
        Assert.Equal(-10 * second, default(ClockShift).Observe(-8 * second, -12 * second).Value);
    }

    [Fact]
    public void Times_come_back_as_they_were() =>
        Gen.Select(Shifts, Gen.DateTime[new DateTime(1970, 1, 1), new DateTime(2200, 1, 1)]).Sample((shift, time) =>
            shift.ToLocal(shift.ToDatabase(time)).Ticks == time.Ticks && shift.ToDatabase(time).Kind == DateTimeKind.Utc);

    [Fact]
    public void The_ends_of_time_stay() =>
        Shifts.Sample(shift =>
            shift.ToDatabase(DateTime.MinValue) == DateTime.MinValue && shift.ToLocal(DateTime.MinValue) == DateTime.MinValue
            && shift.ToDatabase(DateTime.MaxValue) == DateTime.MaxValue && shift.ToLocal(DateTime.MaxValue) == DateTime.MaxValue);

    [Fact]
    public void Times_near_the_ends_do_not_overflow() =>
        Gen.Select(Shifts, Gen.OneOf(DateTime.MinValue.AddTicks(1), DateTime.MaxValue.AddTicks(-1))).Sample((shift, time) =>
        {
            _ = shift.ToDatabase(time);
            _ = shift.ToLocal(time);
        });
}
