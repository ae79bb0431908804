using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Wire.Relay;

/// <summary>
/// Credentials that a relay can verify without knowing the peer: it recomputes the password from the username and its secret.
/// </summary>
public static class TurnCredentials
{
    /// <summary>
    /// Username <c>expiry:salt</c>, password <c>SHA-256(expiry:secret:salt)</c>, both hashes in base64 without padding. Deterministic, so a
    /// peer that reconnects with the same key and expiry keeps its allocations.
    /// </summary>
    /// <param name="peerPublicKey">Base64 text of the peer's WireGuard key; the text is hashed, not the bytes.</param>
    /// <param name="stampSecret">The relay's secret.</param>
    /// <param name="expiresAt">Unix seconds.</param>
    public static (string Username, string Password) Derive(string peerPublicKey, string stampSecret, long expiresAt)
    {
        var salt = Hash(peerPublicKey);
        return ($"{Text(expiresAt)}:{salt}", Password(expiresAt, stampSecret, salt));
    }

    /// <summary>The password for a username's expiry and salt, as a relay computes it.</summary>
    public static string Password(long expiresAt, string stampSecret, string salt) => Hash($"{Text(expiresAt)}:{stampSecret}:{salt}");

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text))).TrimEnd('=');

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
