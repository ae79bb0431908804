namespace Firezone.Admin.Policies;

/// <summary>The form of a time value, <c>M/08:00-17:00,22:00:00-23:59:59/America/Merida</c>.</summary>
internal static class TimeRangeRules
{
    private const string Days = "MTWRFSU";
    private const int LongestZone = 64;
    private const int MaxRanges = 24;

    /// <summary>What is wrong, or null.</summary>
    public static string? Check(string value)
    {
        if (value.Length < 3 || value[1] != '/' || !Days.Contains(value[0], StringComparison.Ordinal))
            return "must begin with a day of MTWRFSU and a slash";
        var rest = value[2..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IsZone(rest[(slash + 1)..]))
            return "must end with a time zone such as /Europe/Berlin";
        var ranges = rest[..slash].Split(',');
        return ranges.Length <= MaxRanges && ranges.All(IsRange) ? null : "must have ranges such as 08:00-17:00, or true for the whole day";
    }

    private static bool IsRange(string text)
    {
        if (text == "true")
            return true;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && Seconds(text[..dash]) is { } start && Seconds(text[(dash + 1)..]) is { } end && start <= end;
    }

    private static int? Seconds(string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 3 || !parts.All(p => p.Length is 1 or 2 && p.All(char.IsAsciiDigit)))
            return null;
        var numbers = parts.Select(p => (p.Length == 1 ? 0 : (p[0] - '0') * 10) + p[^1] - '0').Concat([0, 0]).ToArray();
        return numbers[0] <= 23 && numbers[1] <= 59 && numbers[2] <= 59 ? (((numbers[0] * 60) + numbers[1]) * 60) + numbers[2] : null;
    }

    // A name from the zone database: it becomes a file name, and the lookup may be more lenient than the evaluation.
    private static bool IsZone(string name) =>
        name.Length is > 0 and <= LongestZone && char.IsAsciiLetterUpper(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name;
}
