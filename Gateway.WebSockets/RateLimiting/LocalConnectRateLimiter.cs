using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Firezone.Gateway.WebSockets.Options;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// Token buckets of this process alone, refilled by whole wall-clock seconds: with the defaults the first attempt in each clock second
/// passes and later ones do not. The table has a fixed size; when a row is full, the bucket that was touched longest ago is forgotten.
/// </summary>
public sealed class LocalConnectRateLimiter : IConnectRateLimiter
{
    private const int Ways = 8;
    private const int Rows = 8192;

    private readonly ConnectRateOptions _options;
    private readonly TimeProvider _time;
    private readonly Bucket[] _table = new Bucket[Rows * Ways];
    private readonly Lock[] _locks = new Lock[64];

    // Keeps peers from choosing addresses or credentials that fall into one row.
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(16);

    /// <summary>Reads the limits once.</summary>
    public LocalConnectRateLimiter(IOptions<FrontEndOptions> options, TimeProvider time)
    {
        _options = options.Value.ConnectRate;
        _time = time;
        for (var i = 0; i < _locks.Length; i++)
            _locks[i] = new Lock();
    }

    /// <inheritdoc />
    public bool TryAcquire(in ConnectRateKey key)
    {
        if (!_options.Enabled)
            return true;

        var fingerprint = Fingerprint(key);
        var row = (int)(fingerprint % Rows);
        var second = _time.GetUtcNow().ToUnixTimeSeconds();
        lock (_locks[row % _locks.Length])
        {
            ref var bucket = ref Find(_table.AsSpan(row * Ways, Ways), fingerprint, second);
            if (second > bucket.Second)
            {
                bucket.Tokens = Math.Min(_options.Capacity, bucket.Tokens + (second - bucket.Second) * _options.RefillPerSecond);
                bucket.Second = second;
            }
            else if (second < bucket.Second - 1)
            {
                // The wall clock was set back, which must not lock the peer out until it has caught up. One second less is only another
                // thread that looked at the clock a moment earlier.
                bucket.Tokens = Math.Min(_options.Capacity, bucket.Tokens + _options.RefillPerSecond);
                bucket.Second = second;
            }

            if (bucket.Tokens < 1)
                return false;

            bucket.Tokens -= 1;
            return true;
        }
    }

    private ref Bucket Find(Span<Bucket> row, ulong fingerprint, long second)
    {
        var oldest = 0;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i].Fingerprint == fingerprint)
                return ref row[i];
            if (row[i].Second < row[oldest].Second)
                oldest = i;
        }

        row[oldest] = new Bucket { Fingerprint = fingerprint, Tokens = _options.Capacity, Second = second };
        return ref row[oldest];
    }

    private ulong Fingerprint(in ConnectRateKey key)
    {
        Span<byte> input = stackalloc byte[128];
        _seed.CopyTo(input);
        var length = _seed.Length;
        length += Encoding.UTF8.GetBytes(key.RemoteIp.AsSpan(0, Math.Min(key.RemoteIp.Length, 64)), input[length..]);
        input[length++] = 0;
        length += Encoding.UTF8.GetBytes(key.Credential.AsSpan(0, Math.Min(key.Credential.Length, 16)), input[length..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1UL << 63; // Never 0, which marks an empty bucket.
    }

    private struct Bucket
    {
        public ulong Fingerprint;
        public double Tokens;
        public long Second;
    }
}
