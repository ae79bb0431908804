using System.Security.Cryptography;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Grains.Abstractions.RateLimiting;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// The buckets of this process alone, one table per partition of the cluster's. Never holds fewer tokens for a key than the cluster does, so
/// that its refusal is final. Thread-safe, does not block.
/// </summary>
internal sealed class LocalConnectRateLimiter
{
    private const int RowsPerTable = 512;

    private readonly BucketTable[] _tables = new BucketTable[IConnectRateGrain.Partitions];
    private readonly TimeProvider _time;

    public LocalConnectRateLimiter(IOptions<FrontEndOptions> options, TimeProvider time)
    {
        _time = time;
        Rate = new ConnectRate(options.Value.ConnectRate.Capacity, options.Value.ConnectRate.RefillPerSecond);
        for (var i = 0; i < _tables.Length; i++)
            _tables[i] = new BucketTable(RowsPerTable, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    }

    /// <summary>As configured.</summary>
    internal ConnectRate Rate { get; }

    private long Second => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>True if the connect may go on as far as this process knows.</summary>
    internal bool TryAcquire(ConnectRateKey key)
    {
        var table = _tables[key.Partition];
        lock (table)
            return table.TryTake(key.Value, Second, Rate);
    }

    /// <summary>The cluster has refused what was let through here.</summary>
    internal void Refused(ConnectRateKey key)
    {
        var table = _tables[key.Partition];
        lock (table)
            table.GiveBack(key.Value, Second, Rate);
    }

    /// <summary>What the buckets of a partition that are not full hold.</summary>
    internal List<(ulong Key, double Tokens)> NotFull(int partition)
    {
        var table = _tables[partition];
        lock (table)
            return table.NotFull(Second, Rate);
    }
}
