using System.Text.Json;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>
/// The form of <c>resources.filters</c> and <c>policies.conditions</c>. A malformed element keeps its place with empty members: a
/// condition that cannot be understood must not become no condition.
/// </summary>
internal static class RowJson
{
    public static FilterRow[] Filters(string json) => Parsed(json, Filters);

    public static FilterRow[] Filters(JsonElement array) => Elements(
        array, e => new FilterRow(AccountConfigJson.Text(e, "protocol") ?? "", AccountConfigJson.Texts(e, "ports")));

    public static ConditionRow[] Conditions(string json) => Parsed(json, Conditions);

    public static ConditionRow[] Conditions(JsonElement array) => Elements(array, e => new ConditionRow(
        AccountConfigJson.Text(e, "property") ?? "",
        AccountConfigJson.Text(e, "operator") ?? "",
        AccountConfigJson.Texts(e, "values")));

    private static T[] Parsed<T>(string json, Func<JsonElement, T[]> read)
    {
        if (json == "[]")
            return [];
        using var document = JsonDocument.Parse(json);
        return read(document.RootElement);
    }

    private static T[] Elements<T>(JsonElement array, Func<JsonElement, T> read) => [.. array.EnumerateArray().Select(read)];
}
