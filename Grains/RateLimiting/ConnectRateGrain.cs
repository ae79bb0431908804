using System.Security.Cryptography;
using Firezone.Grains.Abstractions.RateLimiting;
using Firezone.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Grains.RateLimiting;

/// <inheritdoc cref="IConnectRateGrain" />
public sealed class ConnectRateGrain([FromKeyedServices(Clock.Sessions)] TimeProvider time) : Grain, IConnectRateGrain
{
    // 32,768 buckets, 768 KiB: enough for half a million connects a second in the cluster with the default rate.
    private readonly BucketTable _buckets = new(rows: 4096, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <inheritdoc />
    public Task<bool[]> Take(ulong[] keys, ConnectRate rate)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Length, IConnectRateGrain.MaxKeys);
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        var taken = new bool[keys.Length];
        for (var i = 0; i < keys.Length; i++)
            taken[i] = _buckets.TryTake(keys[i], second, rate);
        return Task.FromResult(taken);
    }

    /// <inheritdoc />
    public Task Lower(ulong[] keys, double[] tokens, ConnectRate rate)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Length, IConnectRateGrain.MaxKeys);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, keys.Length);
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < keys.Length; i++)
            _buckets.Lower(keys[i], tokens[i], second, rate);
        return Task.CompletedTask;
    }
}
