using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>Addresses as the system writes them: <c>struct sockaddr_in</c> and <c>sockaddr_in6</c>.</summary>
internal static class InternetAddress
{
    private const ushort V4 = 2, V6 = 10;

    /// <summary>Null for other families.</summary>
    internal static IPEndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < 16)
            return null;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return MemoryMarshal.Read<ushort>(address) switch
        {
            V4 => new IPEndPoint(new IPAddress(address.Slice(4, 4)), port),
            V6 when address.Length >= LinuxCalls.AddressSize =>
                new IPEndPoint(new IPAddress(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..])), port),
            _ => null,
        };
    }

    /// <summary>This side's address of a connection; null if it is none of the internet.</summary>
    internal static IPEndPoint? OfLocal(SocketHandle socket)
    {
        Span<byte> address = stackalloc byte[LinuxCalls.AddressSize];
        return LinuxCalls.TryGetLocalAddress(socket, address, out var length) ? Read(address[..Math.Min(length, address.Length)]) : null;
    }
}
