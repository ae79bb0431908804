using System.Text.Json;

namespace Firezone.Wire.Client;

/// <summary>A client's tunnel interface: its own addresses and the account's DNS settings.</summary>
/// <param name="Ipv4">Plain address.</param>
/// <param name="Ipv6">Plain address.</param>
/// <param name="SearchDomain">Or null.</param>
/// <param name="Dns">Decides which of the two next members is sent.</param>
/// <param name="DnsAddresses">Plain addresses in order; sent for <see cref="DnsMode.Custom"/> only.</param>
/// <param name="Doh">Sent for <see cref="DnsMode.Secure"/> only.</param>
public sealed record InterfaceConfig(
    string Ipv4, string Ipv6, string? SearchDomain, DnsMode Dns, IReadOnlyList<string> DnsAddresses, DohProvider? Doh)
{
    internal void Write(Utf8JsonWriter w)
    {
        var addresses = Dns == DnsMode.Custom ? DnsAddresses : [];
        w.WriteStartObject("interface"u8);
        w.WriteString("ipv4"u8, Ipv4);
        w.WriteString("ipv6"u8, Ipv6);
        w.WriteString("search_domain"u8, SearchDomain);

        w.WriteStartArray("upstream_do53"u8);
        foreach (var address in addresses)
        {
            w.WriteStartObject();
            w.WriteString("ip"u8, address);
            w.WriteEndObject();
        }

        w.WriteEndArray();

        w.WriteStartArray("upstream_doh"u8);
        if (Dns == DnsMode.Secure && Doh is { } provider)
        {
            w.WriteStartObject();
            w.WriteString("url"u8, DnsNames.UrlOf(provider));
            w.WriteEndObject();
        }

        w.WriteEndArray();

        // Read by clients that do not know upstream_do53.
        w.WriteStartArray("upstream_dns"u8);
        foreach (var address in addresses)
        {
            w.WriteStartObject();
            w.WriteString("protocol"u8, "ip_port"u8);
            w.WriteString("address"u8, address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:53" : $"{address}:53");
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }
}
