using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Grains.Policies;

/// <summary>An address as a number: 32 bits for IPv4, 128 for IPv6. IPv4-mapped IPv6 addresses become IPv4.</summary>
internal readonly record struct IpBits(bool IsIpv6, UInt128 Value)
{
    public int Length => IsIpv6 ? 128 : 32;

    public static IpBits Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new(false, BinaryPrimitives.ReadUInt32BigEndian(bytes));

        // A dual-stack listener reports IPv4 peers in this form.
        return address.IsIPv4MappedToIPv6
            ? new(false, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new(true, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
