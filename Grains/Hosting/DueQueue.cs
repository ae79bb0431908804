using System.Diagnostics.CodeAnalysis;

namespace Firezone.Grains.Hosting;

/// <summary>
/// Keys and the instant at which each is due; at most one instant per key. Thread-safe; every operation on one key costs the logarithm of
/// the number of keys. Holds exactly one entry per key, however often it is rescheduled.
/// </summary>
/// <remarks>An indexed binary heap: a priority queue with lazy deletion would keep every replaced entry until its old instant.</remarks>
public sealed class DueQueue<TKey>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, int> _positions;
    private readonly List<Item> _heap = [];

    /// <param name="comparer">Equality of keys, or null for the default one.</param>
    public DueQueue(IEqualityComparer<TKey>? comparer = null) => _positions = new(comparer);

    /// <summary>Number of keys.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _heap.Count;
        }
    }

    /// <summary>The earliest due instant, or null if nothing is queued.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
                return _heap.Count == 0 ? null : _heap[0].Due;
        }
    }

    /// <summary>
    /// Makes the key due at an instant, in place of any earlier setting. True if the queue's earliest instant has become earlier, so that
    /// a waiting timer must be shortened.
    /// </summary>
    public bool Set(TKey key, DateTimeOffset due)
    {
        lock (_lock)
        {
            DateTimeOffset? before = _heap.Count == 0 ? null : _heap[0].Due;
            if (_positions.TryGetValue(key, out var position))
            {
                _heap[position] = new Item(_heap[position].Key, due);
            }
            else
            {
                position = _heap.Count;
                _heap.Add(new Item(key, due));
                _positions.Add(key, position);
            }

            Sift(position);
            return before is null || due < before;
        }
    }

    /// <summary>Forgets a key. False if it was not queued.</summary>
    public bool Remove(TKey key)
    {
        lock (_lock)
        {
            if (!_positions.TryGetValue(key, out var position))
                return false;
            RemoveAt(position);
            return true;
        }
    }

    /// <summary>When a key is due, or null if it is not queued.</summary>
    public DateTimeOffset? DueOf(TKey key)
    {
        lock (_lock)
            return _positions.TryGetValue(key, out var position) ? _heap[position].Due : null;
    }

    /// <summary>
    /// Takes the earliest key that is due at or before <paramref name="now"/>. Keys due at the same instant come in no order.
    /// </summary>
    public bool TryPopDue(DateTimeOffset now, [MaybeNullWhen(false)] out TKey key)
    {
        lock (_lock)
        {
            if (_heap.Count == 0 || _heap[0].Due > now)
            {
                key = default;
                return false;
            }

            key = _heap[0].Key;
            RemoveAt(0);
            return true;
        }
    }

    private void RemoveAt(int position)
    {
        _positions.Remove(_heap[position].Key);
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (position == _heap.Count)
            return;

        _heap[position] = last;
        Sift(position);
    }

    private void Sift(int position)
    {
        var item = _heap[position];
        while (position > 0 && _heap[(position - 1) / 2] is var parent && item.Due < parent.Due)
        {
            Place(parent, position);
            position = (position - 1) / 2;
        }

        while ((position * 2) + 1 is var child && child < _heap.Count)
        {
            if (child + 1 < _heap.Count && _heap[child + 1].Due < _heap[child].Due)
                child++;
            if (_heap[child].Due >= item.Due)
                break;
            Place(_heap[child], position);
            position = child;
        }

        Place(item, position);
    }

    private void Place(Item item, int position)
    {
        _heap[position] = item;
        _positions[item.Key] = position;
    }

    private readonly record struct Item(TKey Key, DateTimeOffset Due);
}
