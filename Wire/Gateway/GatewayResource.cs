using Firezone.Wire.Json;
using Firezone.Wire.Resources;

namespace Firezone.Wire.Gateway;

/// <summary>The resource object that gateways read: in <c>authorize_flow</c> and as the payload of <c>resource_updated</c>.</summary>
public static class GatewayResource
{
    /// <summary>
    /// The object as UTF-8 JSON, without what only clients need. Gateways drop a whole message for one unknown or missing member.
    /// </summary>
    public static byte[] Render(ResourceView r)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("id"u8, r.Id);
        w.WriteString("type"u8, WireAddress.TypeOf(r));
        if (r.Type != ResourceType.Internet)
        {
            w.WriteString("name"u8, r.Name ?? "");
            w.WriteString("address"u8, WireAddress.AddressOf(r));
            FilterWriter.Write(w, r.Filters);
        }

        w.WriteEndObject();
        return json.ToArray();
    }
}
