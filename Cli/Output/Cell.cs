using System.Globalization;
using System.Text.Json.Nodes;
using Firezone.Cli.Values;

namespace Firezone.Cli.Output;

/// <summary>One JSON value as people read it.</summary>
internal static class Cell
{
    public const string Nothing = "-";

    /// <param name="member">The value's name, which tells how to read it.</param>
    /// <param name="value">Null shows as a dash.</param>
    public static string Of(string member, JsonNode? value) => value switch
    {
        null => Nothing,
        JsonArray { Count: 0 } => Nothing,
        JsonArray items when member == "conditions" => Joined(items, Condition.Write, " and "),
        JsonArray items when member == "filters" => Joined(items, TrafficFilter.Write, " "),
        JsonArray items => string.Join(", ", items.Select(item => Of("", item))),
        JsonValue text when text.TryGetValue<string>(out var words) => member.EndsWith("_at", StringComparison.Ordinal) || member is "at" or "time"
            ? Time(words)
            : Printable.Of(words),
        JsonValue flag when flag.TryGetValue<bool>(out var yes) => yes ? "yes" : "no",
        _ => Printable.Of(value.ToJsonString(Json.Compact)),
    };

    /// <summary>To the second, in UTC.</summary>
    public static string Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : Printable.Of(text);

    private static string Joined(JsonArray items, Func<JsonObject, string> write, string separator) =>
        Printable.Of(string.Join(separator, items.OfType<JsonObject>().Select(write)));
}
