using System.Text.Json;
using System.Text.Unicode;

namespace Firezone.Wire.Frames;

/// <summary>
/// Finds the parts of a received frame without copying them. Thread-safe, never throws, and allocates nothing for a valid frame with
/// known names; a refused frame costs a few kilobytes, whatever its length.
/// </summary>
public static class FrameReader
{
    private enum Member
    {
        Other,
        Topic,
        Event,
        Payload,
        Ref,
    }

    // Phoenix lets a peer choose its refs freely; all that is known is a counter.
    private const int MaxRefBytes = 128;

    /// <summary>Reads one complete WebSocket message.</summary>
    /// <param name="utf8">The message; <paramref name="frame"/> keeps slices of it.</param>
    /// <param name="version">The socket's serializer.</param>
    /// <param name="limits">Bounds, checked before anything is read.</param>
    /// <param name="frame">Only meaningful if the result is <see cref="FrameError.None"/>.</param>
    public static FrameError TryRead(ReadOnlyMemory<byte> utf8, FrameVersion version, FrameLimits limits, out PhoenixFrame frame)
    {
        frame = default;
        if (utf8.Length > limits.MaxBytes)
            return FrameError.TooLarge;

        // The JSON reader does not look inside strings that nobody asks for, and payloads are passed on to other peers.
        if (!Utf8.IsValid(utf8.Span))
            return FrameError.InvalidUtf8;

        // One level more than allowed, so that an excess is seen here and not as an exception.
        var maxDepth = Math.Clamp(limits.MaxDepth, 1, 1000);
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        try
        {
            return version == FrameVersion.V1
                ? ReadObject(ref reader, utf8, maxDepth, out frame)
                : ReadArray(ref reader, utf8, maxDepth, out frame);
        }
        catch (JsonException)
        {
            frame = default;
            return FrameError.NotJson;
        }
        catch (InvalidOperationException)
        {
            // A topic or event with an unpaired surrogate escape is JSON, but not text.
            frame = default;
            return FrameError.NotAFrame;
        }
    }

    private static FrameError ReadObject(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, int maxDepth, out PhoenixFrame frame)
    {
        frame = default;
        Advance(ref reader, utf8.Span);
        if (reader.TokenType != JsonTokenType.StartObject)
            return Drain(ref reader, utf8, maxDepth);

        string? topic = null;
        string? eventName = null;
        ReadOnlyMemory<byte> payload = default;
        ReadOnlyMemory<byte> reference = default;
        var wellFormed = true;

        // The whole text is always read, so that "not JSON" does not depend on the order of members.
        while (Advance(ref reader, utf8.Span) && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberAt(ref reader);
            Advance(ref reader, utf8.Span);
            wellFormed &= member switch
            {
                Member.Topic => KnownNames.Topics.TryRead(ref reader, out topic),
                Member.Event => KnownNames.Events.TryRead(ref reader, out eventName),
                Member.Ref => TryRef(ref reader, utf8, out reference),
                _ => true,
            };
            if (!TrySlice(ref reader, utf8, maxDepth, out var slice))
                return FrameError.TooDeep;
            if (member == Member.Payload)
                payload = slice;
        }

        Advance(ref reader, utf8.Span); // Throws if anything follows the object.
        if (!wellFormed || topic is null || eventName is null || payload.IsEmpty)
            return FrameError.NotAFrame;

        frame = new PhoenixFrame { Topic = topic, Event = eventName, Ref = reference, Payload = payload };
        return FrameError.None;
    }

    private static FrameError ReadArray(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, int maxDepth, out PhoenixFrame frame)
    {
        frame = default;
        Advance(ref reader, utf8.Span);
        if (reader.TokenType != JsonTokenType.StartArray)
            return Drain(ref reader, utf8, maxDepth);

        string? topic = null;
        string? eventName = null;
        ReadOnlyMemory<byte> payload = default;
        ReadOnlyMemory<byte> reference = default;
        ReadOnlyMemory<byte> joinRef = default;
        var wellFormed = true;
        var count = 0;

        while (Advance(ref reader, utf8.Span) && reader.TokenType != JsonTokenType.EndArray)
        {
            wellFormed &= count switch
            {
                0 => TryRef(ref reader, utf8, out joinRef),
                1 => TryRef(ref reader, utf8, out reference),
                2 => KnownNames.Topics.TryRead(ref reader, out topic),
                3 => KnownNames.Events.TryRead(ref reader, out eventName),
                _ => true,
            };
            if (!TrySlice(ref reader, utf8, maxDepth, out var slice))
                return FrameError.TooDeep;
            if (count == 4)
                payload = slice;
            count++;
        }

        Advance(ref reader, utf8.Span); // Throws if anything follows the array.
        if (!wellFormed || count != 5)
            return FrameError.NotAFrame;

        frame = new PhoenixFrame { Topic = topic!, Event = eventName!, Ref = reference, JoinRef = joinRef, Payload = payload };
        return FrameError.None;
    }

    /// <summary>Reads a text of the wrong shape to its end, to tell wrong shape from no JSON.</summary>
    private static FrameError Drain(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, int maxDepth)
    {
        do
        {
            if (IsTooDeep(ref reader, maxDepth))
                return FrameError.TooDeep;
        }
        while (Advance(ref reader, utf8.Span));

        return FrameError.NotAFrame;
    }

    /// <summary>Moves to the end of the value at the reader's position and takes its text. False if it nests too deep.</summary>
    private static bool TrySlice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, int maxDepth, out ReadOnlyMemory<byte> slice)
    {
        slice = default;
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = reader.CurrentDepth;
            do
            {
                if (IsTooDeep(ref reader, maxDepth))
                    return false;
                Advance(ref reader, utf8.Span);
            }
            while (reader.CurrentDepth > depth || reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray));
        }

        slice = utf8[start..(int)reader.BytesConsumed];
        return true;
    }

    private static Member MemberAt(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("topic"u8) ? Member.Topic
        : reader.ValueTextEquals("event"u8) ? Member.Event
        : reader.ValueTextEquals("payload"u8) ? Member.Payload
        : reader.ValueTextEquals("ref"u8) ? Member.Ref
        : Member.Other;

    private static bool TryRef(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, out ReadOnlyMemory<byte> reference)
    {
        reference = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.Number or JsonTokenType.String:
                reference = utf8[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
                return reference.Length <= MaxRefBytes;
            default:
                return false;
        }
    }

    private static bool IsTooDeep(ref Utf8JsonReader reader, int maxDepth) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= maxDepth;

    /// <summary>
    /// Reads the next token. A misspelt literal is refused before the JSON reader sees it: its exception would quote all the rest of the
    /// text, several times the size of the message.
    /// </summary>
    private static bool Advance(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var rest = utf8[(int)reader.BytesConsumed..];
        var start = rest.IndexOfAnyExcept(" \t\r\n,:"u8);
        if (start >= 0)
        {
            rest = rest[start..];
            var fits = rest[0] switch
            {
                (byte)'t' => rest.StartsWith("true"u8),
                (byte)'f' => rest.StartsWith("false"u8),
                (byte)'n' => rest.StartsWith("null"u8),
                _ => true,
            };
            if (!fits)
                throw new JsonException("not a literal");
        }

        return reader.Read();
    }
}
