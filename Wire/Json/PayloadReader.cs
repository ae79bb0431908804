using System.Text.Json;

namespace Firezone.Wire.Json;

/// <summary>
/// Walks the members of one JSON object, or the elements of one array, without copying. Values that nobody takes are skipped.
/// </summary>
/// <remarks>
/// May throw <see cref="JsonException"/> and <see cref="InvalidOperationException"/>: run it inside <see cref="PayloadParser"/>.
/// </remarks>
internal ref struct PayloadReader
{
    private const long MaxUnixSeconds = 253_402_300_799;

    private readonly ReadOnlyMemory<byte> _json;
    private readonly JsonTokenType _container;
    private Utf8JsonReader _reader;
    private bool _atValue;

    internal PayloadReader(ReadOnlyMemory<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json.Span);
        _reader.Read();
        _container = _reader.TokenType;
    }

    internal readonly bool IsObject => _container == JsonTokenType.StartObject;

    internal readonly bool IsArray => _container == JsonTokenType.StartArray;

    /// <summary>The current value is <c>null</c>.</summary>
    internal readonly bool IsNull => _reader.TokenType == JsonTokenType.Null;

    /// <summary>The current value is <c>true</c> or <c>false</c>.</summary>
    internal readonly bool IsBoolean => _reader.TokenType is JsonTokenType.True or JsonTokenType.False;

    /// <summary><see cref="Enter"/> has matched the current member.</summary>
    internal readonly bool IsAtValue => _atValue;

    /// <summary>Moves to the name of the next member of an object, past a value that nobody took.</summary>
    internal bool NextMember()
    {
        Leave();
        _reader.Read();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next element of an array.</summary>
    internal bool NextElement()
    {
        Leave();
        _reader.Read();
        _atValue = _reader.TokenType != JsonTokenType.EndArray;
        return _atValue;
    }

    /// <summary>If the member has this name, moves to its value: every later question about the name is answered with no.</summary>
    internal bool Enter(ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType != JsonTokenType.PropertyName || !_reader.ValueTextEquals(name))
            return false;

        _reader.Read();
        _atValue = true;
        return true;
    }

    /// <summary>A string of at most <paramref name="maxLength"/> bytes of JSON text. False if it is something else or longer.</summary>
    internal readonly bool TryString(int maxLength, out string value)
    {
        value = "";
        if (_reader.TokenType != JsonTokenType.String || _reader.ValueSpan.Length > maxLength)
            return false;

        value = _reader.GetString()!;
        return true;
    }

    /// <summary>The current value is a string that is a hyphenated UUID.</summary>
    internal readonly bool TryGuid(out Guid value)
    {
        value = default;
        return _reader.TokenType == JsonTokenType.String && _reader.TryGetGuid(out value);
    }

    /// <summary>The current value is a string; <paramref name="value"/> is null if it is no UUID.</summary>
    internal readonly bool TryOptionalGuid(out Guid? value)
    {
        value = TryGuid(out var id) ? id : null;
        return _reader.TokenType == JsonTokenType.String;
    }

    /// <summary>The current value is a string or <c>null</c>.</summary>
    internal readonly bool TryOptionalString(out string? value)
    {
        value = _reader.TokenType == JsonTokenType.String ? _reader.GetString() : null;
        return value is not null || IsNull;
    }

    /// <summary>The current value is a number of seconds since 1970 that a date can hold.</summary>
    internal readonly bool TryUnixSeconds(out DateTimeOffset? value)
    {
        var fits = TryInt64(out var seconds) && seconds is >= 0 and <= MaxUnixSeconds;
        value = fits ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        return fits;
    }

    /// <summary>The current value is a whole number that fits.</summary>
    internal readonly bool TryInt64(out long value)
    {
        value = default;
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out value);
    }

    /// <summary>The text of the current value; leaves it.</summary>
    internal ReadOnlyMemory<byte> Raw()
    {
        var start = (int)_reader.TokenStartIndex;
        Leave();
        return _json[start..(int)_reader.BytesConsumed];
    }

    private void Leave()
    {
        if (_atValue || _reader.TokenType == JsonTokenType.PropertyName)
            _reader.Skip();
        _atValue = false;
    }
}
