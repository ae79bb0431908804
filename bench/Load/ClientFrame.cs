using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>Writes what a client sends (RFC 6455, 5.3): masked.</summary>
internal static class ClientFrame
{
    /// <summary>The most bytes that a frame has besides its text.</summary>
    public const int Overhead = 8;

    // The key only has to exist; against the server under test there is nobody to be protected from.
    private const uint Key = 0x5A3CF00F;

    /// <summary>A Close frame with code 1000.</summary>
    public static readonly byte[] Close = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

    /// <summary>A frame that is sent more than once, or long after it was made.</summary>
    public static byte[] Of(string text)
    {
        var frame = new byte[Encoding.UTF8.GetByteCount(text) + Overhead];
        var length = Write(Encoding.UTF8.GetBytes(text), frame);
        return frame[..length];
    }

    /// <summary>Writes a text frame and returns its length.</summary>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> output) => Write(0x81, text, output);

    /// <summary>Writes the answer to a ping and returns its length.</summary>
    public static int WritePong(ReadOnlySpan<byte> payload, Span<byte> output) => Write(0x8A, payload, output);

    private static int Write(byte first, ReadOnlySpan<byte> payload, Span<byte> output)
    {
        output[0] = first;
        int header;
        if (payload.Length < 126)
        {
            output[1] = (byte)(0x80 | payload.Length);
            header = 2;
        }
        else
        {
            output[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(output[2..], checked((ushort)payload.Length));
            header = 4;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(output[header..], Key);
        header += 4;
        var body = output.Slice(header, payload.Length);
        payload.CopyTo(body);
        Mask(body);
        return header + payload.Length;
    }

    private static void Mask(Span<byte> body)
    {
        var key = Vector.AsVectorByte(new Vector<uint>(Key));
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(body);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] ^= key;
        for (var i = vectors.Length * Vector<byte>.Count; i < body.Length; i++)
            body[i] ^= (byte)(Key >> (8 * (i & 3)));
    }
}
