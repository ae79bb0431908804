using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Grains.Authorization;

/// <summary>
/// The opaque <c>ref</c> of <c>authorize_flow</c>: signed, and valid only in the hands of the gateway it was made for. Carries no secret.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Base64url without padding of
/// <code>
/// version 1 | MAC 16 | client 16 | session 16 | resource 16 | authorization 16 | expiry 8 | length 1 | request ref 0..64
/// </code>
/// in bytes, where the length is that of the request ref plus one, or zero for none, and the MAC is HMAC-SHA256 over version, gateway id
/// and all that follows the MAC, truncated to 128 bits. Integers are big-endian.
/// </remarks>
public sealed class FlowRefCodec
{
    /// <summary>Bytes of UTF-8 that a request ref may have.</summary>
    public const int MaxRequestRefBytes = 64;

    /// <summary>Characters of the longest ref.</summary>
    public const int MaxLength = ((MaxBytes * 4) + 2) / 3;

    private const byte Version = 1;
    private const int MacBytes = 16;
    private const int GuidBytes = 16;
    private const int BodyOffset = 1 + MacBytes;
    private const int FixedBytes = BodyOffset + (4 * GuidBytes) + sizeof(long) + 1;
    private const int MaxBytes = FixedBytes + MaxRequestRefBytes;
    private const int MinKeyBytes = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _key;

    /// <param name="key">At least 32 secret bytes, the same on every silo; copied.</param>
    /// <exception cref="ArgumentException">The key is shorter.</exception>
    public FlowRefCodec(byte[] key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length < MinKeyBytes)
            throw new ArgumentException($"A flow ref key needs at least {MinKeyBytes} bytes, not {key.Length}.", nameof(key));
        _key = [.. key];
    }

    /// <summary>Makes the ref that only <paramref name="gatewayId"/> may answer.</summary>
    /// <exception cref="ArgumentException">The request ref is too long or not valid text.</exception>
    public string Encode(in FlowRefContent content, Guid gatewayId)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = Version;
        var rest = bytes[BodyOffset..];
        Write(content.ClientId, ref rest);
        Write(content.SessionId, ref rest);
        Write(content.ResourceId, ref rest);
        Write(content.AuthorizationId, ref rest);
        BinaryPrimitives.WriteInt64BigEndian(rest, content.ExpiresAtUnix);
        rest = rest[sizeof(long)..];
        var requestRefBytes = 0;
        if (content.RequestRef is null)
            rest[0] = 0;
        else if (StrictUtf8.TryGetBytes(content.RequestRef, rest[1..], out requestRefBytes))
            rest[0] = (byte)(requestRefBytes + 1);
        else
            throw new ArgumentException($"A request ref may have {MaxRequestRefBytes} bytes.", nameof(content));

        bytes = bytes[..(FixedBytes + requestRefBytes)];
        Sign(bytes, gatewayId, bytes.Slice(1, MacBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>
    /// Reads a ref back. False if it is anything but exactly what <see cref="Encode"/> returned for this gateway. Never throws. Whether
    /// the flow has expired is for the caller to judge.
    /// </summary>
    public bool TryDecode(string? text, Guid gatewayId, out FlowRefContent content)
    {
        content = default;
        if (text is null || text.Length > MaxLength)
            return false;

        Span<byte> buffer = stackalloc byte[MaxBytes];
        if (!TryDecodeCanonical(text, buffer, out var length) || length < FixedBytes || buffer[0] != Version)
            return false;

        var bytes = buffer[..length];
        Span<byte> mac = stackalloc byte[MacBytes];
        Sign(bytes, gatewayId, mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes.Slice(1, MacBytes)) && TryReadBody(bytes[BodyOffset..], out content);
    }

    private static bool TryReadBody(ReadOnlySpan<byte> rest, out FlowRefContent content)
    {
        content = default;
        var client = Read(ref rest);
        var session = Read(ref rest);
        var resource = Read(ref rest);
        var authorization = Read(ref rest);
        var expiresAt = BinaryPrimitives.ReadInt64BigEndian(rest);
        var requestRefLength = rest[sizeof(long)] - 1;
        rest = rest[(sizeof(long) + 1)..];
        if (rest.Length != Math.Max(requestRefLength, 0))
            return false;

        var requestRef = requestRefLength < 0 ? null : Encoding.UTF8.GetString(rest);
        content = new FlowRefContent(client, session, resource, authorization, expiresAt, requestRef);
        return true;
    }

    // Decoders are lenient about white space, padding and unused bits of the last character; two texts must not mean the same ref.
    private static bool TryDecodeCanonical(string text, Span<byte> bytes, out int length)
    {
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out length))
        {
            length = 0;
            return false;
        }

        Span<char> canonical = stackalloc char[MaxLength];
        return Base64Url.TryEncodeToChars(bytes[..length], canonical, out var written) && text.AsSpan().SequenceEqual(canonical[..written]);
    }

    private void Sign(ReadOnlySpan<byte> bytes, Guid gatewayId, Span<byte> mac)
    {
        Span<byte> input = stackalloc byte[1 + GuidBytes + MaxBytes - BodyOffset];
        input[0] = bytes[0];
        gatewayId.TryWriteBytes(input[1..], bigEndian: true, out _);
        var body = bytes[BodyOffset..];
        body.CopyTo(input[(1 + GuidBytes)..]);

        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, input[..(1 + GuidBytes + body.Length)], full);
        full[..MacBytes].CopyTo(mac);
    }

    private static void Write(Guid id, ref Span<byte> rest)
    {
        id.TryWriteBytes(rest, bigEndian: true, out _);
        rest = rest[GuidBytes..];
    }

    private static Guid Read(ref ReadOnlySpan<byte> rest)
    {
        var id = new Guid(rest[..GuidBytes], bigEndian: true);
        rest = rest[GuidBytes..];
        return id;
    }
}
