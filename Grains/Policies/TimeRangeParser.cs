namespace Firezone.Grains.Policies;

/// <summary>Reads <c>day/ranges/zone</c>, e.g. <c>M/08:00-17:00,22:00:00-23:59:59/America/Merida</c>.</summary>
internal static class TimeRangeParser
{
    private const string DayLetters = "UMTWRFS";
    private const int MaxZoneLength = 64;

    /// <summary>False when any part is unreadable. An empty list of ranges is valid: the day is never open.</summary>
    /// <param name="value">The stored value.</param>
    /// <param name="ranges">Receives the ranges in their written order, not merged.</param>
    /// <param name="day">The day in the zone.</param>
    /// <param name="zone">The zone's name; shaped like one, but not looked up.</param>
    public static bool TryParse(string value, List<TimeRange> ranges, out DayOfWeek day, out string zone)
    {
        day = default;
        zone = "";
        var text = value.AsSpan();
        if (text.Length < 3 || text[1] != '/' || DayLetters.IndexOf(text[0], StringComparison.Ordinal) is var index && index < 0)
            return false;

        day = (DayOfWeek)index;
        var rest = text[2..];
        var slash = rest.IndexOf('/');
        if (slash < 0 || !IsZoneName(rest[(slash + 1)..]))
            return false;

        zone = rest[(slash + 1)..].ToString();
        foreach (var part in rest[..slash].Split(','))
        {
            var range = rest[..slash][part];
            if (range.IsEmpty)
                continue;
            if (!TryParseRange(range.Trim(), out var parsed))
                return false;
            ranges.Add(parsed);
        }

        return true;
    }

    private static bool TryParseRange(ReadOnlySpan<char> text, out TimeRange range)
    {
        range = new TimeRange(0, TimeSpan.TicksPerDay - TimeSpan.TicksPerSecond);
        if (text is "true")
            return true;

        var dash = text.IndexOf('-');
        if (dash < 0 || !TryParseTime(text[..dash], out var start) || !TryParseTime(text[(dash + 1)..], out var end) || start > end)
            return false;

        range = new TimeRange(start, end);
        return true;
    }

    // H, HH:MM or HH:MM:SS, each part of one or two digits; a fraction is dropped.
    private static bool TryParseTime(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        var dot = text.IndexOf('.');
        if (dot >= 0)
        {
            if (dot + 1 == text.Length || text[(dot + 1)..].ContainsAnyExceptInRange('0', '9'))
                return false;
            text = text[..dot];
        }

        Span<int> parts = [0, 0, 0];
        var count = 0;
        foreach (var range in text.Split(':'))
        {
            var part = text[range];
            if (count == parts.Length || part.Length is 0 or > 2 || part.ContainsAnyExceptInRange('0', '9'))
                return false;
            parts[count++] = part.Length == 1 ? part[0] - '0' : ((part[0] - '0') * 10) + part[1] - '0';
        }

        if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59)
            return false;
        ticks = ((((parts[0] * 60L) + parts[1]) * 60) + parts[2]) * TimeSpan.TicksPerSecond;
        return true;
    }

    // The name becomes a file name below the zone database: no way out of it, and none of the entries in it that start in lower case,
    // which are not zones (localtime, posixrules, right/…) and mean something else on every machine.
    private static bool IsZoneName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxZoneLength || !char.IsAsciiLetterUpper(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '_' or '-' or '+'))
                return false;
        }

        return true;
    }
}
