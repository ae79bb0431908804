using System.Text.Json;

namespace Firezone.Wire.Json;

/// <summary>The few shapes that many messages share.</summary>
internal static class WriterExtensions
{
    internal static void WriteStrings(this Utf8JsonWriter w, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        w.WriteStartArray(name);
        foreach (var value in values)
            w.WriteStringValue(value);
        w.WriteEndArray();
    }

    internal static void WriteUnixSeconds(this Utf8JsonWriter w, ReadOnlySpan<byte> name, DateTimeOffset value) =>
        w.WriteNumber(name, value.ToUnixTimeSeconds());

    internal static void WriteOptionalGuid(this Utf8JsonWriter w, ReadOnlySpan<byte> name, Guid? value)
    {
        if (value is { } id)
            w.WriteString(name, id);
        else
            w.WriteNull(name);
    }

    /// <summary>JSON that this process rendered itself.</summary>
    internal static void WriteTrusted(this Utf8JsonWriter w, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        w.WritePropertyName(name);
        w.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>JSON that came from a peer; nothing at all becomes <c>null</c>.</summary>
    internal static void WriteForeign(this Utf8JsonWriter w, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        w.WritePropertyName(name);
        if (json.IsEmpty)
            w.WriteNullValue();
        else
            w.WriteRawValue(json);
    }
}
