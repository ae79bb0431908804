using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Storage.Postgres.Tokens;

/// <summary>
/// The token that a device presents. Its text is <c>nonce.KPAYLOAD</c>: a nonce that a signing-in app chose (empty for tokens given out
/// complete), a letter for the kind, and base64url of 16 id bytes and 32 secret bytes. Apps concatenate their nonce with the fragment
/// they were redirected with, so the fragment starts with the dot and the nonce has none.
/// </summary>
public sealed class DeviceToken
{
    /// <summary>Longest nonce, in characters.</summary>
    public const int MaxNonceLength = 128;

    private const int IdLength = 16;
    private const int SecretLength = 32;
    private const int SaltLength = 16;
    private const int PayloadChars = (IdLength + SecretLength) / 3 * 4;

    private readonly byte[] _secret;

    private DeviceToken(Guid id, TokenKind kind, string nonce, byte[] secret)
    {
        Id = id;
        Kind = kind;
        Nonce = nonce;
        _secret = secret;
    }

    /// <summary>The row to compare with.</summary>
    public Guid Id { get; }

    /// <summary>The endpoint it is meant for.</summary>
    public TokenKind Kind { get; }

    /// <summary>Part of what is hashed: a fragment is worthless without the nonce it was issued for.</summary>
    public string Nonce { get; }

    /// <summary>Reads a token's form; says nothing about its validity.</summary>
    /// <param name="text">As presented, untrusted.</param>
    /// <param name="kind">The kind that the endpoint takes; any other kind is refused.</param>
    /// <param name="token">The token, if true is returned.</param>
    public static bool TryParse(string? text, TokenKind kind, [NotNullWhen(true)] out DeviceToken? token)
    {
        token = null;
        if (text is null)
            return false;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot is < 0 or > MaxNonceLength || text.Length != dot + 2 + PayloadChars || text[dot + 1] != Letter(kind))
            return false;
        Span<byte> payload = stackalloc byte[IdLength + SecretLength];
        // IsValid comes first because the decoder throws on foreign characters and skips white space.
        var chars = text.AsSpan(dot + 2);
        if (chars.ContainsAny(" \t\r\n") || !Base64Url.IsValid(chars)
            || !Base64Url.TryDecodeFromChars(chars, payload, out var written) || written != payload.Length)
            return false;
        token = new DeviceToken(new Guid(payload[..IdLength], bigEndian: true), kind, text[..dot], payload[IdLength..].ToArray());
        return true;
    }

    /// <summary>Makes a token with a fresh id and secret.</summary>
    /// <param name="kind">The endpoint it is meant for.</param>
    /// <param name="nonce">
    /// The app's nonce, without a dot, at most <see cref="MaxNonceLength"/> characters; empty for a complete token.
    /// </param>
    /// <exception cref="ArgumentException">The nonce is too long or contains a dot.</exception>
    public static IssuedToken Issue(TokenKind kind, string nonce = "")
    {
        ArgumentNullException.ThrowIfNull(nonce);
        if (nonce.Length > MaxNonceLength || nonce.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"A nonce has no dot and at most {MaxNonceLength} characters.", nameof(nonce));
        var id = Guid.NewGuid();
        Span<byte> payload = stackalloc byte[IdLength + SecretLength];
        id.TryWriteBytes(payload, bigEndian: true, out _);
        RandomNumberGenerator.Fill(payload[IdLength..]);
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var text = $"{nonce}.{Letter(kind)}{Base64Url.EncodeToString(payload)}";
        return new IssuedToken(id, text, salt, Hash(nonce, payload[IdLength..], salt));
    }

    /// <summary>Whether this is the token that a row was made for. Takes the same time whatever the answer.</summary>
    /// <param name="salt">The row's salt.</param>
    /// <param name="hash">The row's hash.</param>
    public bool Matches(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash) =>
        CryptographicOperations.FixedTimeEquals(Hash(Nonce, _secret, salt), hash);

    /// <summary>Names the token without its secret.</summary>
    public override string ToString() => $"{Kind} token {Id}";

    private static char Letter(TokenKind kind) => kind switch
    {
        TokenKind.Client => 'c',
        TokenKind.Gateway => 'g',
        TokenKind.Relay => 'r',
        TokenKind.Admin => 'a',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static byte[] Hash(string nonce, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(nonce));
        hash.AppendData(secret);
        hash.AppendData(salt);
        return hash.GetHashAndReset();
    }
}
