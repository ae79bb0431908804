using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Firezone.Gateway.WebSockets.RemoteAddresses;
using Firezone.Grains.Abstractions.Admission;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Validates a relay's connection parameters.</summary>
internal static class RelayParameters
{
    private const ushort DefaultPort = 3478;

    internal static Validated<RelayAttributes> Read(ConnectQuery query)
    {
        if (!TryAddress(query.Ipv4, AddressFamily.InterNetwork, out var ipv4))
            return Validated<RelayAttributes>.Failed("ipv4 is not an IPv4 address.");
        if (!TryAddress(query.Ipv6, AddressFamily.InterNetworkV6, out var ipv6))
            return Validated<RelayAttributes>.Failed("ipv6 is not an IPv6 address.");
        if (ipv4 is null && ipv6 is null)
            return Validated<RelayAttributes>.Failed("Neither ipv4 nor ipv6 is given.");

        var port = DefaultPort;
        if (ParameterRules.Trimmed(query.Port) is { } text
            && (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0))
        {
            return Validated<RelayAttributes>.Failed("port is not a port.");
        }

        return new RelayAttributes(ipv4, ipv6, port);
    }

    // Peers parse what they are given strictly, so the address is passed on in its canonical form.
    private static bool TryAddress(string? value, AddressFamily family, out string? address)
    {
        address = null;
        if (ParameterRules.Trimmed(value) is not { } text)
            return true;
        if (!ForwardedAddress.TryParseAddress(text, out var parsed) || parsed.AddressFamily != family)
            return false;

        address = parsed.ToString();
        return !parsed.Equals(IPAddress.Any) && !parsed.Equals(IPAddress.IPv6Any);
    }
}
