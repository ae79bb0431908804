using System.Net;
using System.Net.Sockets;

namespace Firezone.Gateway.WebSockets.RemoteAddresses;

/// <summary>Reads addresses as proxies write them.</summary>
internal static class ForwardedAddress
{
    /// <summary>Reads one entry of <c>X-Forwarded-For</c>: <c>ip</c>, <c>ip:port</c>, <c>[v6]</c> or <c>[v6]:port</c>.</summary>
    internal static bool TryParseEntry(ReadOnlySpan<char> entry, out IPAddress address)
    {
        entry = entry.Trim();
        if (entry.Length > 0 && entry[0] == '[')
        {
            var end = entry.IndexOf(']');
            if (end < 0 || (end + 1 < entry.Length && entry[end + 1] != ':'))
            {
                address = IPAddress.None;
                return false;
            }

            entry = entry[1..end];
        }
        else if (entry.Count(':') == 1)
        {
            entry = entry[..entry.IndexOf(':')];
        }

        return TryParseAddress(entry, out address);
    }

    /// <summary>
    /// Reads a textual address. The framework's shorthand forms (<c>1</c>, <c>0x7f.1</c>) and scopes are refused; an IPv4-mapped IPv6
    /// address becomes IPv4.
    /// </summary>
    internal static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        if (text.Contains('%') || text.Contains('[') || !IPAddress.TryParse(text, out var parsed))
        {
            address = IPAddress.None;
            return false;
        }

        address = Normalize(parsed);
        return parsed.AddressFamily != AddressFamily.InterNetwork || text.SequenceEqual(parsed.ToString());
    }

    /// <summary>A dual-stack listener reports IPv4 peers as IPv4-mapped IPv6.</summary>
    internal static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
