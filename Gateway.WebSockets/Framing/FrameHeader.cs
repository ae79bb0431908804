using System.Buffers;
using System.Buffers.Binary;

namespace Firezone.Gateway.WebSockets.Framing;

/// <summary>The head of a WebSocket frame (RFC 6455 section 5.2).</summary>
/// <param name="Opcode">A known one.</param>
/// <param name="IsFinal">Whether the message ends with this frame.</param>
/// <param name="PayloadLength">In bytes; up to 2^63 - 1 as far as the header goes.</param>
/// <param name="MaskingKey">First byte lowest.</param>
/// <param name="Size">Of the header itself, in bytes.</param>
internal readonly record struct FrameHeader(FrameOpcode Opcode, bool IsFinal, long PayloadLength, uint MaskingKey, int Size)
{
    /// <summary>The longest header that this side writes.</summary>
    internal const int MaxWritten = 10;

    private const int MaxRead = 14;
    private const int MaxControlPayload = 125;
    private const int MaskSize = 4;

    internal bool IsControl => Opcode >= FrameOpcode.Close;

    /// <summary>Reads the header of a client's frame. What is forbidden is found as early as it can be seen.</summary>
    internal static HeaderResult TryRead(in ReadOnlySequence<byte> bytes, out FrameHeader header)
    {
        if (bytes.IsSingleSegment || bytes.FirstSpan.Length >= MaxRead)
            return TryRead(bytes.FirstSpan, out header);

        Span<byte> copy = stackalloc byte[MaxRead];
        var start = bytes.Slice(0, Math.Min(bytes.Length, MaxRead));
        start.CopyTo(copy);
        return TryRead(copy[..(int)start.Length], out header);
    }

    /// <summary>Writes the header of a whole message or of a control frame, unmasked as a server's must be; returns its size.</summary>
    internal static int Write(Span<byte> destination, FrameOpcode opcode, int payloadLength)
    {
        destination[0] = (byte)(0x80 | (byte)opcode);
        switch (payloadLength)
        {
            case <= MaxControlPayload:
                destination[1] = (byte)payloadLength;
                return 2;
            case <= ushort.MaxValue:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
                return 4;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)payloadLength);
                return 10;
        }
    }

    private static HeaderResult TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.IsEmpty)
            return HeaderResult.Incomplete;

        var isFinal = (bytes[0] & 0x80) != 0;
        var opcode = (FrameOpcode)(bytes[0] & 0x0F);
        var isControl = opcode >= FrameOpcode.Close;
        // No extension is ever agreed on, so the reserved bits are zero.
        if ((bytes[0] & 0x70) != 0 || opcode is > FrameOpcode.Binary and < FrameOpcode.Close or > FrameOpcode.Pong || (isControl && !isFinal))
            return HeaderResult.Invalid;
        if (bytes.Length < 2)
            return HeaderResult.Incomplete;

        long length = bytes[1] & 0x7F;
        if ((bytes[1] & 0x80) == 0 || (isControl && length > MaxControlPayload))
            return HeaderResult.Invalid;

        var lengthSize = length switch { 126 => 2, 127 => 8, _ => 0 };
        var size = 2 + lengthSize + MaskSize;
        if (bytes.Length < 2 + lengthSize)
            return HeaderResult.Incomplete;
        if (lengthSize == 2)
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        else if (lengthSize == 8)
            length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        // The shortest form must be used, and the highest bit be zero.
        if ((lengthSize == 2 && length <= MaxControlPayload) || (lengthSize == 8 && length <= ushort.MaxValue))
            return HeaderResult.Invalid;
        if (bytes.Length < size)
            return HeaderResult.Incomplete;

        header = new(opcode, isFinal, length, BinaryPrimitives.ReadUInt32LittleEndian(bytes[(size - MaskSize)..]), size);
        return HeaderResult.Complete;
    }
}
