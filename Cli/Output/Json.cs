using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Firezone.Cli.Output;

/// <summary>How the program reads and writes JSON.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A member's text; null when it is missing or something else.</summary>
    public static string? Text(this JsonObject item, string member) =>
        item[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool IsTrue(this JsonObject item, string member) =>
        item[member] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    public static JsonObject? Object(this JsonObject item, string member) => item[member] as JsonObject;

    /// <summary>The objects of an array; none when it is missing or something else.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject item, string member) => (item[member] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Sets a member of nested objects, which are made when they are missing.</summary>
    public static void SetPath(this JsonObject item, string path, JsonNode? value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
            item = (JsonObject)(item[name] ??= new JsonObject());
        item[names[^1]] = value;
    }
}
