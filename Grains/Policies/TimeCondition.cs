namespace Firezone.Grains.Policies;

/// <summary><c>current_utc_datetime</c>: passes inside any range of any of the schedules, one schedule per time zone.</summary>
internal sealed class TimeCondition(string property, WeeklySchedule[] schedules) : Condition(property)
{
    public override bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        // Schedules of two zones may both be open: the condition holds until the later one closes.
        expiresAt = null;
        foreach (var schedule in schedules)
        {
            if (schedule.IsOpen(now, out var end) && (expiresAt is null || end > expiresAt))
                expiresAt = end;
        }

        return expiresAt is not null;
    }

    /// <summary>The first instant after <paramref name="now"/> at which a schedule opens or is closed, or null if there is none.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        DateTimeOffset? earliest = null;
        foreach (var schedule in schedules)
        {
            if (schedule.NextChange(now) is { } change && (earliest is null || change < earliest))
                earliest = change;
        }

        return earliest;
    }
}
