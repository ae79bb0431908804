using System.Security.Cryptography;
using System.Text;

namespace Firezone.Wire.Relay;

/// <summary>Identity of a relay process: the same secret is the same relay reconnecting.</summary>
public static class RelayIds
{
    /// <summary>The first 16 bytes of the SHA-256 of the secret's text, marked as a version 4 UUID (RFC 9562).</summary>
    public static Guid FromStampSecret(string secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
