using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Firezone.Wire.Frames;

namespace Firezone.Edge.PortalClient.Frames;

/// <summary>Between <see cref="PortalFrame"/> and the bytes of a V1 text message.</summary>
internal static class FrameCodec
{
    /// <summary>
    /// Reads one message and copies what is kept of it. A ref that is not an unsigned number makes the frame unreadable, as it does for
    /// Firezone's own devices.
    /// </summary>
    /// <returns>Null on success, otherwise why the message is not a frame.</returns>
    public static string? TryRead(ReadOnlyMemory<byte> message, out PortalFrame frame)
    {
        frame = null!;
        var error = FrameReader.TryRead(message, FrameVersion.V1, FrameLimits.FromPortal, out var parsed);
        if (error != FrameError.None)
            return error.ToString();

        long? requestRef = null;
        if (!parsed.Ref.IsEmpty)
        {
            if (!Utf8Parser.TryParse(parsed.Ref.Span, out ulong number, out var used)
                || used != parsed.Ref.Length
                || number > long.MaxValue)
                return "its ref is not an unsigned number";
            requestRef = (long)number;
        }

        frame = new PortalFrame(parsed.Topic, parsed.Event, requestRef, parsed.Payload.ToArray());
        return null;
    }

    public static void Write(IBufferWriter<byte> output, PortalFrame frame)
    {
        var requestRef = frame.Ref is { } number ? Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)) : [];
        FrameWriter.WriteRequest(output, FrameVersion.V1, default, requestRef, frame.Topic, frame.Event, frame.Payload.Span);
    }
}
