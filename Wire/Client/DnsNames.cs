namespace Firezone.Wire.Client;

/// <summary>The lowercase names under which an account's DNS settings are stored.</summary>
public static class DnsNames
{
    /// <summary>False for an unknown name; an unset mode is <see cref="DnsMode.System"/>.</summary>
    public static bool TryParse(string? name, out DnsMode mode)
    {
        (var known, mode) = name switch
        {
            null or "" or "system" => (true, DnsMode.System),
            "custom" => (true, DnsMode.Custom),
            "secure" => (true, DnsMode.Secure),
            _ => (false, DnsMode.System),
        };
        return known;
    }

    /// <summary>False for an unknown name.</summary>
    public static bool TryParse(string? name, out DohProvider provider)
    {
        (var known, provider) = name switch
        {
            "google" => (true, DohProvider.Google),
            "quad9" => (true, DohProvider.Quad9),
            "cloudflare" => (true, DohProvider.Cloudflare),
            "opendns" => (true, DohProvider.OpenDns),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The provider's endpoint, as sent to clients.</summary>
    public static string UrlOf(DohProvider provider) => provider switch
    {
        DohProvider.Google => "https://dns.google/dns-query",
        DohProvider.Quad9 => "https://dns.quad9.net/dns-query",
        DohProvider.Cloudflare => "https://cloudflare-dns.com/dns-query",
        DohProvider.OpenDns => "https://doh.opendns.com/dns-query",
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "not a DoH provider"),
    };
}
