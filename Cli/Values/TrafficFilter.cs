using System.Text.Json.Nodes;

namespace Firezone.Cli.Values;

/// <summary>A resource's filter on the command line: <c>tcp:443,8000-8010</c>, <c>udp</c>, <c>icmp</c>.</summary>
internal static class TrafficFilter
{
    public const string Syntax = "tcp, udp or icmp, with ports as in tcp:443,8000-8010";

    public static JsonNode Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var protocol = colon < 0 ? text : text[..colon];
        var ports = colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (protocol is not ("tcp" or "udp" or "icmp") || (colon >= 0 && ports.Length == 0))
            throw CliException.Usage($"'{text}' is not a filter; {Syntax}");
        return new JsonObject { ["protocol"] = protocol, ["ports"] = new JsonArray([.. ports.Select(port => JsonValue.Create(port))]) };
    }

    /// <summary>The text that <see cref="Parse"/> reads as this filter.</summary>
    public static string Write(JsonObject filter)
    {
        var ports = (filter["ports"] as JsonArray ?? []).Select(port => ((string?)port ?? "").Replace(" ", ""));
        return string.Join(':', new[] { (string?)filter["protocol"] ?? "", string.Join(',', ports) }.Where(part => part.Length > 0));
    }
}
