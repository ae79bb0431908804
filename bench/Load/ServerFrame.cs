using System.Buffers.Binary;

namespace Firezone.Bench.Load;

/// <summary>Reads what a server sends (RFC 6455, 5.2): unmasked and, from a portal, never fragmented.</summary>
internal static class ServerFrame
{
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;

    /// <summary>Takes the frame at the start of the input. False if it is not complete yet.</summary>
    /// <param name="input">Received bytes.</param>
    /// <param name="opcode">Kind of frame.</param>
    /// <param name="payload">Its content, inside <paramref name="input"/>.</param>
    /// <param name="length">Bytes of the whole frame.</param>
    public static bool TryRead(ReadOnlySpan<byte> input, out int opcode, out ReadOnlySpan<byte> payload, out int length)
    {
        opcode = length = 0;
        payload = default;
        if (input.Length < 2)
            return false;
        if ((input[1] & 0x80) != 0 || (input[0] & 0x80) == 0)
            throw new LoadException("The server sent a masked or fragmented frame.");
        opcode = input[0] & 0x0F;
        long size = input[1];
        var header = 2;
        if (size == 126)
        {
            header = 4;
            if (input.Length < header)
                return false;
            size = BinaryPrimitives.ReadUInt16BigEndian(input[2..]);
        }
        else if (size == 127)
        {
            header = 10;
            if (input.Length < header)
                return false;
            size = BinaryPrimitives.ReadInt64BigEndian(input[2..]);
        }

        if (input.Length - header < size)
            return false;
        payload = input.Slice(header, (int)size);
        length = header + (int)size;
        return true;
    }
}
