using System.Security.Cryptography;
using System.Text;

namespace Firezone.Wire.Secrets;

/// <summary>
/// What both ends of a tunnel must share. Everything is a function of the two devices and their keys: a peer keeps a tunnel only if a new
/// flow brings the same credentials, so random values would tear the tunnel down at every further resource.
/// </summary>
public static class FlowSecrets
{
    private const string Base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>WireGuard preshared key, base64 of 32 bytes. Never log it.</summary>
    /// <param name="cid">Client id.</param>
    /// <param name="gid">Gateway id.</param>
    /// <param name="cpk">Base64 text of the client's public key.</param>
    /// <param name="gpk">Base64 text of the gateway's public key.</param>
    /// <param name="cb">The client's stored 32 secret bytes.</param>
    /// <param name="gb">The gateway's stored 32 secret bytes.</param>
    public static string PresharedKey(Guid cid, Guid gid, string cpk, string gpk, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> gb)
    {
        var secret = new byte[cb.Length + gb.Length];
        cb.CopyTo(secret);
        gb.CopyTo(secret.AsSpan(cb.Length));
        var salt = Encoding.ASCII.GetBytes($"WG_PSK|C_ID:{cid:D}|G_ID:{gid:D}|C_PK:{cpk}|G_PK:{gpk}");
        Span<byte> key = stackalloc byte[32];
        try
        {
            // One iteration is enough: the password is 64 random bytes, not a person's.
            Rfc2898DeriveBytes.Pbkdf2(secret, salt, key, 1, HashAlgorithmName.SHA256);
            return Convert.ToBase64String(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>ICE credentials, cut out of the base32 text of one SHA-256.</summary>
    /// <param name="cid">Client id.</param>
    /// <param name="cpk">Base64 text of the client's public key.</param>
    /// <param name="gid">Gateway id.</param>
    /// <param name="gpk">Base64 text of the gateway's public key.</param>
    public static IceCredentials Ice(Guid cid, string cpk, Guid gid, string gpk)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{cid:D}:{cpk}:{gid:D}:{gpk}"), hash);
        var text = Base32(hash);
        return new IceCredentials(text[..4], text[4..26], text[26..30], text[30..52]);
    }

    /// <summary>RFC 4648 base32 in lowercase, without padding.</summary>
    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var bits = 0;
        var count = 0;
        foreach (var b in bytes)
        {
            bits = (bits << 8) | b;
            for (count += 8; count >= 5; count -= 5)
                text.Append(Base32Alphabet[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }

        if (count > 0)
            text.Append(Base32Alphabet[(bits << (5 - count)) & 31]);
        return text.ToString();
    }
}
