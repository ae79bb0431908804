using System.Text.Json;

namespace Firezone.Wire.Json;

/// <summary>Reads the members of an object into a message. False if a member is missing or unfit.</summary>
internal delegate bool PayloadBody<T>(ref PayloadReader reader, out T message);

/// <summary>Runs a parser so that no input makes it throw.</summary>
internal static class PayloadParser
{
    internal static bool TryParse<T>(ReadOnlyMemory<byte> payload, PayloadBody<T> body, out T message)
    {
        message = default!;
        try
        {
            var reader = new PayloadReader(payload);
            if (reader.IsObject && body(ref reader, out message))
                return true;
        }
        catch (JsonException)
        {
        }
        catch (InvalidOperationException)
        {
            // A string with an unpaired surrogate escape.
        }

        message = default!;
        return false;
    }
}
