using Firezone.Grains.Abstractions.RateLimiting;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>A partition of the cluster's limit with real buckets, unless told otherwise.</summary>
internal sealed class FakeConnectRateGrain(TimeProvider time) : IConnectRateGrain
{
    private readonly BucketTable _buckets = new(64, secret: 1);
    private readonly Lock _gate = new();
    private int _calls;
    private int _keys;

    /// <summary>Calls so far.</summary>
    internal int Calls => Volatile.Read(ref _calls);

    /// <summary>Keys of all calls so far.</summary>
    internal int Keys => Volatile.Read(ref _keys);

    /// <summary>Runs before a question is answered.</summary>
    internal Func<Task> OnTake { get; set; } = () => Task.CompletedTask;

    public async Task<bool[]> Take(ulong[] keys, ConnectRate rate)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _keys, keys.Length);
        await OnTake();
        lock (_gate)
            return [.. keys.Select(key => _buckets.TryTake(key, time.GetUtcNow().ToUnixTimeSeconds(), rate))];
    }

    public Task Lower(ulong[] keys, double[] tokens, ConnectRate rate)
    {
        lock (_gate)
        {
            foreach (var (key, level) in keys.Zip(tokens))
                _buckets.Lower(key, level, time.GetUtcNow().ToUnixTimeSeconds(), rate);
        }

        return Task.CompletedTask;
    }
}
