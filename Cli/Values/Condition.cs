using System.Text.Json.Nodes;

namespace Firezone.Cli.Values;

/// <summary>
/// A policy's condition as people write it: <c>region in DE,FR</c>, <c>ip not in 10.0.0.0/8</c>, <c>provider in ID</c>, <c>verified</c>,
/// <c>not verified</c>, <c>time in Mon-Fri 08:00-17:00 Europe/Berlin</c>.
/// </summary>
internal static class Condition
{
    public const string Syntax =
        "region [not] in DE,FR; ip [not] in 10.0.0.0/8; provider [not] in ID; [not] verified; time in Mon-Fri 08:00-17:00 Europe/Berlin";

    private const string Verified = "client_verified";
    private const string Time = "current_utc_datetime";

    /// <summary>Word, property, operator, and the operator of the opposite.</summary>
    private static readonly (string Word, string Property, string In, string NotIn)[] Sets =
    [
        ("region", "remote_ip_location_region", "is_in", "is_not_in"),
        ("ip", "remote_ip", "is_in_cidr", "is_not_in_cidr"),
        ("provider", "auth_provider_id", "is_in", "is_not_in"),
    ];

    public static JsonNode Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        switch (words)
        {
            case ["verified"]:
                return Create(Verified, "is", ["true"]);
            case ["not", "verified"]:
                return Create(Verified, "is", ["false"]);
            case ["time", "in", _, ..]:
                return Create(Time, "is_in_day_of_week_time_ranges", TimeWindow.Parse(words[2..]));
            case [var word, "in", _, ..] when Find(word) is { } set:
                return Create(set.Property, set.In, Values(words[2..]));
            case [var word, "not", "in", _, ..] when Find(word) is { } set:
                return Create(set.Property, set.NotIn, Values(words[3..]));
            default:
                throw CliException.Usage($"'{text}' is not a condition; {Syntax}");
        }
    }

    /// <summary>The text that <see cref="Parse"/> reads as this condition; the API's own words for one that this program does not know.</summary>
    public static string Write(JsonObject condition)
    {
        var (property, @operator) = ((string?)condition["property"] ?? "", (string?)condition["operator"] ?? "");
        string[] values = [.. (condition["values"] as JsonArray ?? []).Select(value => (string?)value ?? "")];
        var list = string.Join(',', values);
        var set = Array.Find(Sets, known => known.Property == property);
        return (property, @operator, values) switch
        {
            (Verified, "is", ["true"]) => "verified",
            (Verified, "is", ["false"]) => "not verified",
            (Time, "is_in_day_of_week_time_ranges", _) => $"time in {TimeWindow.Write(values)}",
            _ when set.Word is not null && @operator == set.In => $"{set.Word} in {list}",
            _ when set.Word is not null && @operator == set.NotIn => $"{set.Word} not in {list}",
            _ => $"{property} {@operator} {list}",
        };
    }

    private static (string Word, string Property, string In, string NotIn)? Find(string word) =>
        Array.FindIndex(Sets, set => set.Word == word) is >= 0 and var index ? Sets[index] : null;

    private static string[] Values(string[] words) =>
        string.Join(' ', words).Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static JsonObject Create(string property, string @operator, IEnumerable<string> values) => new()
    {
        ["property"] = property,
        ["operator"] = @operator,
        ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
    };
}
