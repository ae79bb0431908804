using Firezone.Wire.Json;

namespace Firezone.Wire.Relay;

/// <summary>The join payload of a relay.</summary>
public static class RelayJoin
{
    // A relay sends 64 hexadecimal digits, but the text is opaque.
    private const int MaxLength = 256;

    /// <summary>False: answer the join with <see cref="Errors.ErrorResponses.JoinCrashed"/>.</summary>
    /// <param name="payload">Any bytes.</param>
    /// <param name="stampSecret">1 to 256 characters. Never log it.</param>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out string stampSecret)
    {
        var parsed = PayloadParser.TryParse(payload, static (ref PayloadReader r, out string secret) =>
        {
            secret = "";
            var found = false;
            while (r.NextMember())
            {
                if (r.Enter("stamp_secret"u8))
                    found = r.TryString(MaxLength, out secret);
            }

            return found && secret.Length > 0;
        }, out stampSecret);
        stampSecret ??= "";
        return parsed;
    }
}
