using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>
/// Seals cookies with a key that all silos share, so that a browser may come to any of them and nothing is kept on a disk: AES-256-GCM with a
/// key of its own for each purpose.
/// </summary>
internal sealed class CookieProtection(byte[] key) : IDataProtector
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <inheritdoc />
    public IDataProtector CreateProtector(string purpose) =>
        new CookieProtection(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes(purpose)));

    /// <inheritdoc />
    public byte[] Protect(byte[] plaintext)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        var sealedBytes = new byte[NonceSize + plaintext.Length + TagSize];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, sealedBytes.AsSpan(NonceSize, plaintext.Length), sealedBytes.AsSpan(NonceSize + plaintext.Length));
        return sealedBytes;
    }

    /// <inheritdoc />
    public byte[] Unprotect(byte[] protectedData)
    {
        ArgumentNullException.ThrowIfNull(protectedData);
        if (protectedData.Length < NonceSize + TagSize)
            throw new CryptographicException("Too short.");
        var plaintext = new byte[protectedData.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            protectedData.AsSpan(0, NonceSize),
            protectedData.AsSpan(NonceSize, plaintext.Length),
            protectedData.AsSpan(NonceSize + plaintext.Length),
            plaintext);
        return plaintext;
    }
}
