namespace Firezone.EndToEnd.Scenes;

/// <summary>
/// A time zone in which it is about noon, so that no test comes near midnight whenever it is run: the fixed zones lie whole hours apart.
/// </summary>
internal sealed class NoonZone
{
    private const string Letters = "UMTWRFS";
    private readonly TimeSpan _offset;

    private NoonZone(int hours)
    {
        _offset = TimeSpan.FromHours(hours);
        // The sign in these names is that of POSIX: west is positive.
        Name = hours == 0 ? "Etc/GMT" : $"Etc/GMT{(hours > 0 ? "-" : "+")}{Math.Abs(hours)}";
    }

    public string Name { get; }

    /// <summary>The zone for this moment: between 11:30 and 12:30 there.</summary>
    public static NoonZone Now()
    {
        var utc = TimeProvider.System.GetUtcNow();
        var hours = 12 - (int)Math.Round(utc.TimeOfDay.TotalHours, MidpointRounding.AwayFromZero);
        return new NoonZone(hours);
    }

    /// <summary>A zone in which it is another day of the week than in UTC, and not near midnight.</summary>
    public static NoonZone OnAnotherDay() => TimeProvider.System.GetUtcNow().Hour >= 11 ? new NoonZone(14) : new NoonZone(-12);

    /// <summary>The letter of the day in UTC.</summary>
    public static char UtcDay => Letters[(int)TimeProvider.System.GetUtcNow().DayOfWeek];

    /// <summary>The letter of the day there.</summary>
    public char Day => Letters[(int)Local.DayOfWeek];

    /// <summary>The letters of the other days.</summary>
    public IEnumerable<char> OtherDays => Letters.Where(letter => letter != Day);

    /// <summary>A condition's value for today.</summary>
    public string Today(params string[] ranges) => $"{Day}/{string.Join(',', ranges)}/{Name}";

    /// <summary>A time of today there as an instant.</summary>
    public DateTimeOffset At(int hour, int minute = 0, int second = 0) => new(Local.Date + new TimeSpan(hour, minute, second), _offset);

    /// <summary>An instant as a time of day there.</summary>
    public string Clock(DateTimeOffset instant) =>
        instant.ToOffset(_offset).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    private DateTimeOffset Local => TimeProvider.System.GetUtcNow().ToOffset(_offset);
}
