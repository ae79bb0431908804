using System.Globalization;
using System.Text.Json;

namespace Firezone.Wire.Resources;

/// <summary>Prints filters the way both channels do: one entry per port item.</summary>
internal static class FilterWriter
{
    internal static void Write(Utf8JsonWriter w, IReadOnlyList<ResourceFilter> filters)
    {
        w.WriteStartArray("filters"u8);
        foreach (var filter in filters)
        {
            if (filter.Ports.Count == 0)
            {
                w.WriteStartObject();
                w.WriteString("protocol"u8, filter.Protocol);
                w.WriteEndObject();
                continue;
            }

            foreach (var item in filter.Ports)
            {
                var (start, end) = ParsePorts(item);
                w.WriteStartObject();
                w.WriteString("protocol"u8, filter.Protocol);
                w.WriteNumber("port_range_start"u8, start);
                w.WriteNumber("port_range_end"u8, end);
                w.WriteEndObject();
            }
        }

        w.WriteEndArray();
    }

    /// <summary>
    /// An item that is no port and no ascending range becomes port 0, which matches no traffic. Leaving it out could leave the list
    /// empty, and to gateways an empty list means that everything is allowed; a descending range makes them panic.
    /// </summary>
    private static (int Start, int End) ParsePorts(string item)
    {
        var dash = item.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? item : item[..dash];
        var last = dash < 0 ? item : item[(dash + 1)..];
        return TryParsePort(first, out var start) && TryParsePort(last, out var end) && start <= end ? (start, end) : (0, 0);
    }

    private static bool TryParsePort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out port);
}
