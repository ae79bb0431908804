using System.Text.Json;

namespace Firezone.Wire.Json;

/// <summary>Walks the members of one JSON object, or the elements of one array, without copying. Values that nobody takes are skipped.</summary>
/// <remarks>May throw <see cref="JsonException"/> and <see cref="InvalidOperationException"/>: run it inside <see cref="PayloadParser"/>.</remarks>
internal ref struct PayloadReader
{
    private readonly ReadOnlyMemory<byte> json;
    private readonly JsonTokenType container;
    private Utf8JsonReader reader;
    private bool atValue;

    internal PayloadReader(ReadOnlyMemory<byte> json)
    {
        this.json = json;
        reader = new Utf8JsonReader(json.Span);
        reader.Read();
        container = reader.TokenType;
    }

    internal readonly bool IsObject => container == JsonTokenType.StartObject;

    internal readonly bool IsArray => container == JsonTokenType.StartArray;

    /// <summary>The current value is <c>null</c>.</summary>
    internal readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    /// <summary>Moves to the value of the next member, remembering its name for <see cref="Is"/>, or to the next element.</summary>
    internal bool NextMember()
    {
        Leave();
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next element of an array.</summary>
    internal bool NextElement()
    {
        Leave();
        reader.Read();
        atValue = reader.TokenType != JsonTokenType.EndArray;
        return atValue;
    }

    /// <summary>If the member has this name, moves to its value.</summary>
    internal bool Is(ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name))
            return false;

        reader.Read();
        atValue = true;
        return true;
    }

    /// <summary>A string of at most <paramref name="maxLength"/> bytes of JSON text. False if it is something else or longer.</summary>
    internal readonly bool TryString(int maxLength, out string value)
    {
        value = "";
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > maxLength)
            return false;

        value = reader.GetString()!;
        return true;
    }

    /// <summary>The current value is a string that is a hyphenated UUID.</summary>
    internal readonly bool TryGuid(out Guid value)
    {
        value = default;
        return reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out value);
    }

    /// <summary>The current value is a string; <paramref name="value"/> is null if it is no UUID.</summary>
    internal readonly bool TryOptionalGuid(out Guid? value)
    {
        value = TryGuid(out var id) ? id : null;
        return reader.TokenType == JsonTokenType.String;
    }

    /// <summary>The current value is a whole number that fits.</summary>
    internal readonly bool TryInt64(out long value)
    {
        value = default;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
    }

    /// <summary>The text of the current value; leaves it.</summary>
    internal ReadOnlyMemory<byte> Raw()
    {
        var start = (int)reader.TokenStartIndex;
        Leave();
        return json[start..(int)reader.BytesConsumed];
    }

    private void Leave()
    {
        if (atValue || reader.TokenType == JsonTokenType.PropertyName)
            reader.Skip();
        atValue = false;
    }
}
