using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Gateway.WebSockets.RemoteAddresses;

/// <summary>A list of addresses and CIDR ranges. Immutable.</summary>
public sealed class AddressRanges
{
    private readonly IPNetwork[] _ranges;

    private AddressRanges(IPNetwork[] ranges) => _ranges = ranges;

    /// <summary>Loopback and the private ranges of RFC 1918 and RFC 4193: where proxies live unless configured otherwise.</summary>
    public static AddressRanges Private { get; } =
        Parse(["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]);

    /// <summary>Reads a list; an entry that is neither an address nor a range throws <see cref="FormatException"/>.</summary>
    public static AddressRanges Parse(IReadOnlyList<string> entries)
    {
        var parsed = new IPNetwork[entries.Count];
        for (var i = 0; i < parsed.Length; i++)
        {
            if (!TryParseRange(entries[i], out parsed[i]))
                throw new FormatException($"'{entries[i]}' is neither an IP address nor a CIDR range.");
        }

        return new AddressRanges(parsed);
    }

    /// <summary>Reads one entry; host bits of a range are cleared.</summary>
    public static bool TryParseRange(string? text, out IPNetwork range)
    {
        range = default;
        if (text is null)
            return false;

        var slash = text.IndexOf('/');
        if (!ForwardedAddress.TryParseAddress(slash < 0 ? text.AsSpan().Trim() : text.AsSpan(0, slash).Trim(), out var address))
            return false;

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bits; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        range = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    /// <summary>Whether an address lies in any of the ranges.</summary>
    public bool Contains(IPAddress address)
    {
        foreach (var range in _ranges)
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }
}
