namespace Firezone.Wire.Client;

/// <summary>Providers of DNS over HTTPS.</summary>
public enum DohProvider
{
    /// <summary>dns.google</summary>
    Google = 0,

    /// <summary>dns.quad9.net</summary>
    Quad9 = 1,

    /// <summary>cloudflare-dns.com</summary>
    Cloudflare = 2,

    /// <summary>doh.opendns.com</summary>
    OpenDns = 3,
}
