namespace Firezone.Membership.Postgres.Table;

/// <summary>
/// How far the local clock is ahead of the database's, as far as it matters: nothing within a second, else whole seconds. Rows hold the
/// database's time, so that silos with wrong clocks agree about them; and a value comes back exactly as it was written as long as the
/// shift stays the same, which it does for clocks that differ by the same amount give or take half a second.
/// </summary>
/// <param name="Value">Local time minus database time; whole seconds.</param>
internal readonly record struct ClockShift(TimeSpan Value)
{
    /// <summary>Difference that is tolerated before the shift changes.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>The shift after a measurement. A measurement that leaves room for the present shift, as a slow answer does, changes nothing.</summary>
    /// <param name="least">Local time before the database was asked, minus the database's time.</param>
    /// <param name="most">Local time after it had answered, minus the database's time.</param>
    public ClockShift Observe(TimeSpan least, TimeSpan most)
    {
        if (most < least)
            (least, most) = (most, least); // the local clock was set back meanwhile
        if (least <= Value + Tolerance && most >= Value - Tolerance)
            return this;
        var middle = least + (most - least) / 2;
        return new(TimeSpan.FromSeconds(Math.Round(middle.TotalSeconds)));
    }

    /// <summary>A local time as rows hold it.</summary>
    public DateTime ToDatabase(DateTime local) => Move(local, -Value);

    /// <summary>A time of a row by the local clock.</summary>
    public DateTime ToLocal(DateTime database) => Move(database, Value);

    // The ends of the scale mean "never" and "not set", and stay.
    private static DateTime Move(DateTime from, TimeSpan by)
    {
        var utc = from.Kind == DateTimeKind.Local ? from.ToUniversalTime() : DateTime.SpecifyKind(from, DateTimeKind.Utc);
        if (utc == DateTime.MinValue || utc == DateTime.MaxValue)
            return utc;
        var ticks = Math.Clamp(utc.Ticks + by.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc);
    }
}
