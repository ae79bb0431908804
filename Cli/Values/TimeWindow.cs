namespace Firezone.Cli.Values;

/// <summary>
/// Hours of the week: <c>Mon-Fri 08:00-12:00,13:00-17:00 Europe/Berlin; Sat all-day UTC</c>. The API has one value per day,
/// <c>M/08:00-12:00,13:00-17:00/Europe/Berlin</c>.
/// </summary>
internal static class TimeWindow
{
    private const string Letters = "MTWRFSU";
    private const string AllDay = "all-day";
    private static readonly string[] DayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static IEnumerable<string> Parse(string[] words) => string.Join(' ', words)
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .SelectMany(part => part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var days, var hours, var zone]
            ? Indexes(days).Select(day => $"{Letters[day]}/{(hours == AllDay ? "true" : hours)}/{zone}")
            : throw CliException.Usage($"'{part}' is not a time window; Mon-Fri 08:00-17:00 Europe/Berlin, or Sun all-day UTC"));

    /// <summary>Days that follow each other and have the same hours are joined.</summary>
    public static string Write(IReadOnlyList<string> values)
    {
        List<(int First, int Last, string Hours)> runs = [];
        foreach (var value in values)
        {
            var parts = value.Split('/', 3);
            var day = parts is [{ Length: 1 } letter, _, _] ? Letters.IndexOf(letter[0], StringComparison.Ordinal) : -1;
            if (day < 0)
                return string.Join("; ", values);
            var hours = $"{(parts[1] == "true" ? AllDay : parts[1].Replace(" ", ""))} {parts[2]}";
            if (runs is [.., var last] && last.Hours == hours && last.Last + 1 == day)
                runs[^1] = last with { Last = day };
            else
                runs.Add((day, day, hours));
        }

        return string.Join("; ", runs.Select(run => $"{(run.First == run.Last ? "" : $"{DayNames[run.First]}-")}{DayNames[run.Last]} {run.Hours}"));
    }

    private static IEnumerable<int> Indexes(string text) => text.Split(',').SelectMany(part =>
    {
        var ends = part.Split('-').Select(name => Array.FindIndex(DayNames, day => day.Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (ends.Length > 2 || ends.Contains(-1) || ends[0] > ends[^1])
            throw CliException.Usage($"'{part}' is not a day of the week, nor a range of them; {string.Join(' ', DayNames)}");
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    });
}
