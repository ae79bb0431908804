using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Firezone.Grains.Abstractions.RateLimiting;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// What connects are counted by: a fingerprint of the real address and the whole <c>X-Authorization</c> value. Connects whose token comes as
/// a query parameter share one key per address. Nothing of the token can be told from it.
/// </summary>
internal readonly record struct ConnectRateKey(ulong Value)
{
    /// <summary>The partition of the cluster's limit.</summary>
    internal int Partition => IConnectRateGrain.PartitionOf(Value);

    /// <summary>The key of one connect.</summary>
    internal static ConnectRateKey Create(IPAddress remoteIp, string? authorization)
    {
        const int Prefix = 1 + 16 + 1;
        var needed = Prefix + (authorization is null ? 0 : Encoding.UTF8.GetMaxByteCount(authorization.Length));
        byte[]? rented = null;
        var input = needed <= 1024 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(needed);
        try
        {
            remoteIp.TryWriteBytes(input[1..], out var length);
            input[0] = (byte)length;
            length++;
            input[length++] = (byte)(authorization is null ? 0 : 1);
            length += Encoding.UTF8.GetBytes(authorization, input[length..]);

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(input[..length], hash);
            return new ConnectRateKey(BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1UL << 63); // Never 0, which marks an empty bucket.
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
