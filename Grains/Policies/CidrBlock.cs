using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Grains.Policies;

/// <summary>An address block. Blocks of one family never contain addresses of the other.</summary>
internal readonly struct CidrBlock
{
    private readonly bool _isIpv6;
    private readonly UInt128 _network;
    private readonly UInt128 _mask;

    private CidrBlock(bool isIpv6, UInt128 address, UInt128 mask)
    {
        _isIpv6 = isIpv6;
        _mask = mask;
        _network = address & mask;
    }

    public bool Contains(IpBits address) => address.IsIpv6 == _isIpv6 && (address.Value & _mask) == _network;

    /// <summary>
    /// Reads an address or <c>address/prefix length</c>; host bits are ignored. Only the usual notations: <see cref="IPAddress"/> also
    /// takes <c>1</c>, <c>0x7f.1</c> or the octal <c>010.0.0.1</c>, which would silently mean another network than the reader thinks.
    /// </summary>
    public static bool TryParse(string text, out CidrBlock block)
    {
        block = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];
        if (addressText.AsSpan().ContainsAny('[', '%') || !IPAddress.TryParse(addressText, out var address))
            return false;

        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (!isIpv6 && address.ToString() != addressText)
            return false;

        // Not through IpBits.Of: a block of mapped addresses is an IPv6 block with its own prefix length.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var count);
        UInt128 value = 0;
        foreach (var part in bytes[..count])
            value = (value << 8) | part;

        var length = isIpv6 ? 128 : 32;
        var prefix = length;
        if (slash >= 0 && !TryParsePrefix(text.AsSpan(slash + 1), length, out prefix))
            return false;

        var hostBits = length - prefix;
        var mask = hostBits == 128 ? UInt128.Zero : UInt128.MaxValue << hostBits;
        block = new CidrBlock(isIpv6, value, isIpv6 ? mask : mask & uint.MaxValue);
        return true;
    }

    private static bool TryParsePrefix(ReadOnlySpan<char> text, int max, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && text.Length <= 3 && prefix <= max;
}
