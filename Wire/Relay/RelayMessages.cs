using Firezone.Wire.Json;

namespace Firezone.Wire.Relay;

/// <summary>Payloads about relays, as UTF-8 JSON.</summary>
public static class RelayMessages
{
    /// <summary>
    /// <c>relays_presence</c> for clients and gateways. An id must not be in both lists; take both from one snapshot of the online relays.
    /// </summary>
    public static byte[] Presence(IReadOnlyList<Guid> disconnectedIds, IReadOnlyList<RelayEntry> connected)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteStartArray("disconnected_ids"u8);
        foreach (var id in disconnectedIds)
            w.WriteStringValue(id);
        w.WriteEndArray();
        RelayEntry.WriteAll(w, "connected"u8, connected);
        w.WriteEndObject();
        return json.ToArray();
    }

    /// <summary>A relay's <c>init</c>: an empty object, the only push a relay ever gets.</summary>
    public static byte[] Init() => "{}"u8.ToArray();

    /// <summary>A relay's join payload, for the device side.</summary>
    public static byte[] Join(string stampSecret)
    {
        using var json = JsonBuffer.Rent();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("stamp_secret"u8, stampSecret);
        json.Writer.WriteEndObject();
        return json.ToArray();
    }
}
