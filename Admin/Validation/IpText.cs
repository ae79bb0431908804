using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Admin.Validation;

/// <summary>
/// Reads addresses in the usual notations only: <see cref="IPAddress"/> also takes <c>1</c>, <c>0x7f.1</c> or the octal <c>010.0.0.1</c>,
/// which would silently mean another address than the reader thinks.
/// </summary>
internal static class IpText
{
    /// <summary>An address without brackets, zone or port.</summary>
    public static bool TryParse(string text, out IPAddress address)
    {
        if (!text.AsSpan().ContainsAny('[', '%') && IPAddress.TryParse(text, out var parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetworkV6 || parsed.ToString() == text))
        {
            address = parsed;
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    /// <summary><c>address/prefix length</c>; bits behind the prefix may be set and are cleared.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParse(text[..slash], out var address))
            return false;
        var digits = text.AsSpan(slash + 1);
        var bytes = address.GetAddressBytes();
        if (digits.Length > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > bytes.Length * 8)
            return false;
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        network = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    /// <summary>Whether two networks have an address in common. Families never do.</summary>
    public static bool Overlap(IPNetwork a, IPNetwork b) =>
        a.BaseAddress.AddressFamily == b.BaseAddress.AddressFamily && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));
}
