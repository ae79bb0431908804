using System.Globalization;
using System.Text.Json.Nodes;

namespace Firezone.Cli.Values;

/// <summary>Points in time on the command line: a date, a time with its zone, or a distance from now.</summary>
internal static class Moment
{
    public const string FutureSyntax = "90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z";
    public const string PastSyntax = "90m, 12h, 7d, 2026-01-31 or 2026-01-31T12:00:00Z";

    public const string LengthSyntax = "30s, 15m or 2h";

    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static JsonNode InTheFuture(string text, TimeProvider time) => Write(Read(text, time, 1));

    public static JsonNode InThePast(string text, TimeProvider time) => Write(Read(text, time, -1));

    /// <summary>A length of time in seconds.</summary>
    public static JsonNode Seconds(string text, TimeProvider time) =>
        text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && Unit(text[^1]) is { } unit
            && count <= TimeSpan.FromDays(365) / unit
            ? (int)(count * unit).TotalSeconds
            : throw CliException.Usage($"'{text}' is not a length of time; {LengthSyntax}");

    private static DateTimeOffset Read(string text, TimeProvider time, int direction)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, styles, out var moment))
            return moment;
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && Unit(text[^1]) is { } unit
            && count <= TimeSpan.FromDays(365_000) / unit)
            return time.GetUtcNow() + direction * count * unit;
        throw CliException.Usage($"'{text}' is not a time; {(direction > 0 ? FutureSyntax : PastSyntax)}");
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };

    private static JsonNode Write(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
