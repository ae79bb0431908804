using System.Collections;
using System.Numerics;

namespace Firezone.Grains.Accounts;

/// <summary>
/// An immutable set of actors for groups of any size: a hash table of small exact arrays, of which a change copies only those that it
/// touches. Takes about 18 bytes per actor; the trees of the library take about 60.
/// </summary>
internal sealed class ActorSet : IReadOnlyCollection<Guid>
{
    private const int BucketSize = 32;

    private readonly Guid[][] _buckets;

    private ActorSet(Guid[][] buckets, int count) => (_buckets, Count) = (buckets, count);

    public static ActorSet Empty { get; } = new([[]], 0);

    public int Count { get; }

    /// <summary>The set after a change.</summary>
    /// <param name="added">Actors that are not in the set, each once.</param>
    /// <param name="removed">Actors that are in the set, each once.</param>
    public ActorSet With(List<Guid> added, List<Guid> removed)
    {
        var count = Count + added.Count - removed.Count;
        if (count == 0)
            return Empty;
        Guid[][] buckets = [.. _buckets];
        foreach (var actor in removed)
        {
            ref var bucket = ref buckets[IndexOf(actor, buckets.Length)];
            bucket = Array.FindAll(bucket, other => other != actor);
        }

        // Between the two, so that the buckets are small for both. Shrinks late, so that a set whose size goes up and down around a boundary
        // is not built anew each time.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)((count + BucketSize - 1) / BucketSize));
        if (size > buckets.Length || size * 4 <= buckets.Length)
            buckets = Rehash(buckets, size);
        foreach (var actor in added)
        {
            ref var bucket = ref buckets[IndexOf(actor, buckets.Length)];
            bucket = [.. bucket, actor];
        }

        return new ActorSet(buckets, count);
    }

    public IEnumerator<Guid> GetEnumerator()
    {
        foreach (var bucket in _buckets)
        {
            foreach (var actor in bucket)
                yield return actor;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Guid[][] Rehash(Guid[][] buckets, int size)
    {
        var lists = new List<Guid>?[size];
        foreach (var bucket in buckets)
        {
            foreach (var actor in bucket)
                (lists[IndexOf(actor, size)] ??= []).Add(actor);
        }

        return Array.ConvertAll(lists, list => list?.ToArray() ?? []);
    }

    private static int IndexOf(Guid actor, int buckets) => actor.GetHashCode() & (buckets - 1);
}
