using System.Buffers;
using System.Runtime.InteropServices;

namespace Firezone.Gateway.WebSockets.Framing;

/// <summary>The masking of clients' payloads (RFC 6455 section 5.3).</summary>
internal static class FrameMask
{
    /// <summary>Copies a payload and unmasks the copy.</summary>
    internal static void CopyUnmasked(in ReadOnlySequence<byte> payload, Span<byte> destination, uint key)
    {
        payload.CopyTo(destination);
        Unmask(destination[..(int)payload.Length], key);
    }

    /// <summary>Unmasks a payload, or masks one, in place.</summary>
    internal static void Unmask(Span<byte> payload, uint key)
    {
        var wide = MemoryMarshal.Cast<byte, ulong>(payload);
        var twice = key | ((ulong)key << 32);
        if (!BitConverter.IsLittleEndian)
            twice = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(twice);
        for (var i = 0; i < wide.Length; i++)
            wide[i] ^= twice;
        for (var i = wide.Length * sizeof(ulong); i < payload.Length; i++)
            payload[i] ^= (byte)(key >> (8 * (i % 4)));
    }
}
