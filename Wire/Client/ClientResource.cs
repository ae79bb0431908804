using System.Text.Json;
using Firezone.Wire.Json;
using Firezone.Wire.Resources;

namespace Firezone.Wire.Client;

/// <summary>The resource object that clients read: in <c>init</c> and as the payload of <c>resource_created_or_updated</c>.</summary>
public static class ClientResource
{
    /// <summary>
    /// Writes one object. The caller adapts the resource to the client's version and leaves out resources without a site: such a one is
    /// written with an empty list of sites, through which no client can connect.
    /// </summary>
    public static void Write(Utf8JsonWriter w, ResourceView r)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, r.Id);
        w.WriteString("type"u8, WireAddress.TypeOf(r));
        if (r.Type == ResourceType.Internet)
        {
            w.WriteBoolean("can_be_disabled"u8, true);
            WriteSite(w, r);
        }
        else
        {
            w.WriteString("name"u8, r.Name ?? "");
            w.WriteString("address"u8, WireAddress.AddressOf(r));
            w.WriteString("address_description"u8, r.AddressDescription);
            if (r.Type == ResourceType.Dns && r.IpStack is { } stack)
                w.WriteString("ip_stack"u8, ResourceNames.NameOf(stack));
            WriteSite(w, r);
            FilterWriter.Write(w, r.Filters);
        }

        w.WriteEndObject();
    }

    /// <summary>The object as UTF-8 JSON.</summary>
    public static byte[] Render(ResourceView r)
    {
        using var json = JsonBuffer.Rent();
        Write(json.Writer, r);
        return json.ToArray();
    }

    // The newer name "sites" is an alias that old clients do not know; both together are a duplicate field to those that do.
    private static void WriteSite(Utf8JsonWriter w, ResourceView r)
    {
        w.WriteStartArray("gateway_groups"u8);
        if (r.SiteId is { } id)
        {
            w.WriteStartObject();
            w.WriteString("id"u8, id);
            w.WriteString("name"u8, r.SiteName ?? "");
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }
}
