using System.Text;
using Firezone.Wire.Versions;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>The rules that clients' and gateways' parameters have in common. Each returns what is wrong, or null.</summary>
internal static class ParameterRules
{
    // The width of the columns that they end up in.
    private const int MaxCharacters = 255;
    private const int KeyLength = 44;
    private const int KeyBytes = 32;

    internal static string? ExternalId(string? value) => value switch
    {
        null or "" => "external_id is missing.",
        _ when !IsText(value) => "external_id is longer than 255 characters or contains a NUL.",
        _ => null,
    };

    /// <summary>44 characters of standard base64 for exactly 32 bytes; another spelling of the same bytes would be another text.</summary>
    internal static string? PublicKey(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "public_key is missing.";

        Span<byte> key = stackalloc byte[KeyBytes + 1];
        return value.Length == KeyLength
            && Convert.TryFromBase64String(value, key, out var written)
            && written == KeyBytes
            && Convert.ToBase64String(key[..KeyBytes]) == value
                ? null
                : "public_key is not the base64 of 32 bytes.";
    }

    /// <summary>A value that may be absent.</summary>
    internal static string? Optional(string parameter, string? value) =>
        value is null || IsText(value) ? null : $"{parameter} is longer than 255 characters or contains a NUL.";

    internal static string? Version(string userAgent, out string version) =>
        UserAgent.TryParseVersion(userAgent, out version) && version.Length <= MaxCharacters
            ? null
            : "The user agent names no known component and version.";

    /// <summary>Trimmed; null for nothing.</summary>
    internal static string? Trimmed(string? value)
    {
        value = value?.Trim();
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static bool IsText(string value) =>
        !value.Contains('\0') && (value.Length <= MaxCharacters || CountRunes(value) <= MaxCharacters);

    private static int CountRunes(string value)
    {
        var count = 0;
        foreach (Rune _ in value.EnumerateRunes())
            count++;
        return count;
    }
}
