namespace Firezone.Grains.Abstractions.RateLimiting;

/// <summary>
/// One partition of the cluster's connect rate limit: the buckets of all keys that fall into it, whichever front-end asks. The number of
/// partitions and the size of each are fixed, so that made-up tokens grow neither memory nor activations. Seconds are those of the
/// activation's own clock.
/// </summary>
/// <remarks>
/// When the partition's silo is lost, its buckets are full again: each peer may connect once more than it should. Every front-end must have
/// the same settings, as the rate comes with the question.
/// </remarks>
[Alias("fz.IConnectRateGrain")]
public interface IConnectRateGrain : IGrainWithIntegerKey
{
    /// <summary>Partitions of the cluster, with the keys from 0.</summary>
    const int Partitions = 16;

    /// <summary>Most keys of one call.</summary>
    const int MaxKeys = 4096;

    /// <summary>Which partition a key belongs to.</summary>
    static int PartitionOf(ulong key) => (int)(key % Partitions);

    /// <summary>Takes a token of each key's bucket. True where there was one.</summary>
    [Alias("Take")]
    Task<bool[]> Take([Immutable] ulong[] keys, ConnectRate rate);

    /// <summary>Leaves at most so many tokens in each bucket: a front-end that was alone has given out the others without asking.</summary>
    [Alias("Lower")]
    Task Lower([Immutable] ulong[] keys, [Immutable] double[] tokens, ConnectRate rate);
}
