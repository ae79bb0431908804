using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Unicode;

namespace Firezone.Gateway.WebSockets.Framing;

/// <summary>The content of a close frame (RFC 6455 section 5.5.1).</summary>
internal static class ClosePayload
{
    internal const int Size = 2;

    /// <summary>
    /// The code to answer a peer's close frame with: its own; <see cref="WebSocketCloseStatus.NormalClosure"/> if it names none, because the
    /// code for "none" must not be sent. False: the content is forbidden, and <paramref name="code"/> says how.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out WebSocketCloseStatus code)
    {
        code = WebSocketCloseStatus.NormalClosure;
        if (payload.IsEmpty)
            return true;
        var number = payload.Length < Size ? 0 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!MayBeSent(number))
        {
            code = WebSocketCloseStatus.ProtocolError;
            return false;
        }

        code = (WebSocketCloseStatus)number;
        if (Utf8.IsValid(payload[Size..]))
            return true;
        code = WebSocketCloseStatus.InvalidPayloadData;
        return false;
    }

    /// <summary>Without a reason.</summary>
    internal static void Write(Span<byte> destination, WebSocketCloseStatus code) =>
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)code);

    // Section 7.4 and the codes registered since; 1005, 1006 and 1015 are for programming interfaces only.
    private static bool MayBeSent(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
