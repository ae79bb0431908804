using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Firezone.Wire.Frames;

/// <summary>
/// Prints frames. Payloads, responses and refs are raw JSON text and are copied as they are: the caller vouches for them. An empty ref
/// or join ref is printed as <c>null</c>. Thread-safe; an output is written to by one thread at a time.
/// </summary>
public static class FrameWriter
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:");

    /// <summary>
    /// The answer to one request. An empty <paramref name="response"/> is printed as <c>{}</c>: native peers accept a join only if its
    /// answer is exactly <c>{"status":"ok","response":{}}</c>.
    /// </summary>
    public static void WriteReply(
        IBufferWriter<byte> o,
        FrameVersion v,
        ReadOnlySpan<byte> joinRef,
        ReadOnlySpan<byte> @ref,
        string topic,
        bool ok,
        ReadOnlySpan<byte> response)
    {
        Begin(o, v, joinRef, @ref, topic, Events.Reply);
        o.Write(ok ? "{\"status\":\"ok\",\"response\":"u8 : "{\"status\":\"error\",\"response\":"u8);
        o.Write(response.IsEmpty ? "{}"u8 : response);
        o.Write("}"u8);
        End(o, v, @ref);
    }

    /// <summary>A message that answers no request. An empty <paramref name="payload"/> is printed as <c>{}</c>.</summary>
    public static void WritePush(
        IBufferWriter<byte> o,
        FrameVersion v,
        ReadOnlySpan<byte> joinRef,
        string topic,
        string eventName,
        ReadOnlySpan<byte> payload)
    {
        Begin(o, v, joinRef, default, topic, eventName);
        o.Write(payload.IsEmpty ? "{}"u8 : payload);
        End(o, v, default);
    }

    /// <summary>
    /// A device's message to the portal. An empty <paramref name="payload"/> is printed as <c>null</c>, as in native joins.
    /// </summary>
    public static void WriteRequest(
        IBufferWriter<byte> o,
        FrameVersion v,
        ReadOnlySpan<byte> joinRef,
        ReadOnlySpan<byte> @ref,
        string topic,
        string eventName,
        ReadOnlySpan<byte> payload)
    {
        Begin(o, v, joinRef, @ref, topic, eventName);
        o.Write(payload.IsEmpty ? "null"u8 : payload);
        End(o, v, @ref);
    }

    private static void Begin(
        IBufferWriter<byte> o, FrameVersion v, ReadOnlySpan<byte> joinRef, ReadOnlySpan<byte> @ref, string topic, string eventName)
    {
        if (v == FrameVersion.V1)
        {
            o.Write("{\"topic\":"u8);
            WriteString(o, topic);
            o.Write(",\"event\":"u8);
            WriteString(o, eventName);
            o.Write(",\"payload\":"u8);
            return;
        }

        o.Write("["u8);
        o.Write(joinRef.IsEmpty ? "null"u8 : joinRef);
        o.Write(","u8);
        o.Write(@ref.IsEmpty ? "null"u8 : @ref);
        o.Write(","u8);
        WriteString(o, topic);
        o.Write(","u8);
        WriteString(o, eventName);
        o.Write(","u8);
    }

    private static void End(IBufferWriter<byte> o, FrameVersion v, ReadOnlySpan<byte> @ref)
    {
        if (v == FrameVersion.V1)
        {
            o.Write(",\"ref\":"u8);
            o.Write(@ref.IsEmpty ? "null"u8 : @ref);
            o.Write("}"u8);
            return;
        }

        o.Write("]"u8);
    }

    private static void WriteString(IBufferWriter<byte> o, string value)
    {
        o.Write("\""u8);
        if (value.AsSpan().ContainsAnyExcept(PlainCharacters))
            o.Write(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        else
            Encoding.ASCII.GetBytes(value, o);
        o.Write("\""u8);
    }
}
