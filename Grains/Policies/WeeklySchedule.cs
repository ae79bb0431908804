namespace Firezone.Grains.Policies;

/// <summary>Weekly ranges of local time in one zone. Immutable.</summary>
/// <remarks>
/// <para>An instant is inside when its local time is. A day on which clocks change is handled instant by instant: a range within a
/// skipped hour never opens, one within a repeated hour opens twice, and a range that the change interrupts ends at the change.</para>
/// <para>Offsets are assumed not to change twice within the distance between an instant and the next range (at most eight days); no
/// zone does that.</para>
/// </remarks>
internal sealed class WeeklySchedule
{
    private readonly TimeZoneInfo _zone;
    private readonly TimeRange[][] _days;

    /// <param name="zone">Where the local time is read.</param>
    /// <param name="days">Indexed by <see cref="DayOfWeek"/>; each day sorted and merged.</param>
    public WeeklySchedule(TimeZoneInfo zone, TimeRange[][] days)
    {
        _zone = zone;
        _days = days;
    }

    /// <summary>Whether <paramref name="now"/> is inside a range, and the range's last instant.</summary>
    public bool IsOpen(DateTimeOffset now, out DateTimeOffset end)
    {
        var open = TryFindEnd(now.UtcTicks, out var ticks, out _);
        end = At(ticks);
        return open;
    }

    /// <summary>The first instant after <paramref name="now"/> at which a range is entered or left, or null if there is none.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        var utc = now.UtcTicks;
        if (TryFindEnd(utc, out var end, out var endIsInside))
            return At(endIsInside ? end + 1 : end);

        var offset = OffsetAt(utc);
        var local = utc + offset;
        while (TryFindNextStart(local, out var start))
        {
            var candidate = start - offset;
            if (candidate > DateTime.MaxValue.Ticks)
                return null;
            if (OffsetAt(candidate) == offset)
                return At(candidate);

            utc = FindOffsetChange(utc, candidate, offset);
            offset = OffsetAt(utc);
            local = utc + offset;
            if (TryFindRange(local, out _, out _))
                return At(utc);
        }

        return null;
    }

    // endIsInside is false when clocks jump out of the range: its nominal end does not exist, and end is the instant of the jump.
    private bool TryFindEnd(long utc, out long end, out bool endIsInside)
    {
        end = 0;
        endIsInside = true;
        var offset = OffsetAt(utc);
        if (!TryFindRange(utc + offset, out var localStart, out var localEnd))
            return false;

        while (true)
        {
            end = localEnd - offset;
            if (OffsetAt(end) == offset)
                return true;

            utc = FindOffsetChange(utc, end, offset);
            offset = OffsetAt(utc);
            if (utc + offset < localStart || utc + offset > localEnd)
            {
                end = utc;
                endIsInside = false;
                return true;
            }
        }
    }

    private bool TryFindRange(long local, out long start, out long end)
    {
        var time = local % TimeSpan.TicksPerDay;
        var midnight = local - time;
        foreach (var range in _days[Day(midnight)])
        {
            if (range.Start <= time && time <= range.End)
            {
                start = midnight + range.Start;
                end = midnight + range.End;
                return true;
            }
        }

        start = end = 0;
        return false;
    }

    private bool TryFindNextStart(long local, out long start)
    {
        var midnight = local - (local % TimeSpan.TicksPerDay);
        for (var day = 0; day <= 7; day++, midnight += TimeSpan.TicksPerDay)
        {
            foreach (var range in _days[Day(midnight)])
            {
                start = midnight + range.Start;
                if (start > local)
                    return true;
            }
        }

        start = 0;
        return false;
    }

    // The first instant in (from, to] whose offset is not the given one, which is the one at from and not the one at to.
    private long FindOffsetChange(long from, long to, long offset)
    {
        while (to - from > 1)
        {
            var middle = from + ((to - from) / 2);
            if (OffsetAt(middle) == offset)
                from = middle;
            else
                to = middle;
        }

        return to;
    }

    private long OffsetAt(long utc) => _zone.GetUtcOffset(At(utc)).Ticks;

    // Day one of the calendar was a Monday.
    private static int Day(long midnight) => (int)(((midnight / TimeSpan.TicksPerDay) + 1) % 7);

    private static DateTimeOffset At(long utc) => new(Math.Clamp(utc, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
