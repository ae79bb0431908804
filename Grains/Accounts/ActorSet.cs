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
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)((count + BucketSize - 1) / BucketSize));
        // Shrinks late, so that a set whose size goes up and down around a boundary is not built anew each time.
        var buckets = size > _buckets.Length || size * 4 <= _buckets.Length ? Rehash(size) : [.. _buckets];
        foreach (var actor in removed)
        {
            ref var bucket = ref buckets[IndexOf(actor, buckets.Length)];
            bucket = Array.FindAll(bucket, other => other != actor);
        }

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

    private Guid[][] Rehash(int size)
    {
        var lists = new List<Guid>?[size];
        foreach (var actor in this)
            (lists[IndexOf(actor, size)] ??= []).Add(actor);
        return Array.ConvertAll(lists, list => list?.ToArray() ?? []);
    }

    private static int IndexOf(Guid actor, int buckets) => actor.GetHashCode() & (buckets - 1);
}
