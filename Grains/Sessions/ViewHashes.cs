using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Firezone.Grains.Sessions;

/// <summary>Fingerprints of what a device has been told; equal on every silo and in every process.</summary>
public static class ViewHashes
{
    /// <summary>Fingerprint of rendered bytes; quick, and no protection against whoever looks for two texts of one fingerprint.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    /// <summary>Fingerprint of a text; that of none differs from that of an empty one.</summary>
    public static ulong Of(string? text) => text is null ? 0 : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>Order-dependent combination; never 0, which on the wire to front-ends means "unchanged".</summary>
    public static ulong Combine(params ReadOnlySpan<ulong> parts)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in parts)
            hash = (hash ^ part) * 1099511628211UL;
        return hash == 0 ? 1 : hash;
    }
}
