using System.Buffers.Binary;

namespace Firezone.Bench.Load;

/// <summary>Writes what a client sends (RFC 6455, 5.3): masked.</summary>
internal static class ClientFrame
{
    // The key only has to exist; against the server under test there is nobody to be protected from.
    private const uint Key = 0x5A3CF00F;

    /// <summary>Writes a text frame and returns its length. The output must have 14 bytes more than the text.</summary>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> output)
    {
        output[0] = 0x81;
        int header;
        if (text.Length < 126)
        {
            output[1] = (byte)(0x80 | text.Length);
            header = 2;
        }
        else
        {
            output[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(output[2..], checked((ushort)text.Length));
            header = 4;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(output[header..], Key);
        header += 4;
        for (var i = 0; i < text.Length; i++)
            output[header + i] = (byte)(text[i] ^ (byte)(Key >> (8 * (i & 3))));
        return header + text.Length;
    }

    /// <summary>A Close frame with code 1000.</summary>
    public static ReadOnlySpan<byte> Close => [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];
}
