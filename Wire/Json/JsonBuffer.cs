using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Firezone.Wire.Json;

/// <summary>A writer and its buffer, kept per thread: rendering one message allocates only the result.</summary>
internal sealed class JsonBuffer : IDisposable
{
    // An init of a large account grows the buffer; such buffers are not kept for every thread that ever rendered one.
    private const int MaxKeptBytes = 64 * 1024;

    // Plain '+' and '/' as in base64 and plain non-ASCII names. Nothing rendered here ends up in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static JsonBuffer? _cached;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private JsonBuffer() => Writer = new Utf8JsonWriter(_buffer, Options);

    /// <summary>Empty when rented; valid until <see cref="Dispose"/>.</summary>
    internal Utf8JsonWriter Writer { get; }

    internal static JsonBuffer Rent()
    {
        var rented = _cached ?? new JsonBuffer();
        _cached = null;
        return rented;
    }

    /// <summary>What was written so far.</summary>
    internal byte[] ToArray()
    {
        Writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>Takes the buffer back, emptied: it held keys and passwords.</summary>
    public void Dispose()
    {
        _buffer.Clear();
        Writer.Reset();
        if (_buffer.Capacity <= MaxKeptBytes)
            _cached = this;
    }
}
