using System.Text.Json;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>
/// The form of <c>accounts.config</c>: <c>{"search_domain": …, "dns": {"type": …, "addresses": […], "doh_provider": …}}</c>. Whatever
/// an administrator's SQL left out or wrote wrongly reads as its default, so that one bad value does not take the account down.
/// </summary>
internal static class AccountConfigJson
{
    public static string Write(AccountConfig config) => JsonSerializer.Serialize(new
    {
        search_domain = config.SearchDomain,
        dns = new { type = config.DnsType, addresses = config.DnsAddresses, doh_provider = config.DohProvider },
    });

    public static AccountConfig Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    public static AccountConfig Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return AccountConfig.Default;
        var dns = root.TryGetProperty("dns", out var d) && d.ValueKind == JsonValueKind.Object ? d : default;
        return new AccountConfig(
            Text(root, "search_domain"),
            Text(dns, "type") is "custom" or "secure" ? Text(dns, "type")! : AccountConfig.Default.DnsType,
            Texts(dns, "addresses"),
            Text(dns, "doh_provider"));
    }

    /// <summary>A non-empty string member, else null.</summary>
    internal static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The strings of an array member, else none.</summary>
    internal static string[] Texts(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : [];
}
