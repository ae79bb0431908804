namespace Firezone.Grains.Sessions;

/// <summary>
/// Who has been announced, by id. An entry that is not announced again within <see cref="PresenceKeeper.Lifetime"/> ends: the silo that
/// held its session may be gone together with the socket, and then nobody is left to withdraw it. Not thread-safe.
/// </summary>
/// <typeparam name="T">What is known of each; compared by value.</typeparam>
public sealed class PresenceTable<T>(TimeProvider time)
    where T : class, IEquatable<T>
{
    private readonly Dictionary<Guid, (T Presence, long AnnouncedAt)> _entries = [];
    private T[]? _all;
    private long _lookedAt = time.GetTimestamp();

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>All of them, in no order; the same array until something changes.</summary>
    public T[] All => _all ??= [.. _entries.Values.Select(e => e.Presence)];

    /// <summary>The one with this id, or null.</summary>
    public T? Find(Guid id) => _entries.TryGetValue(id, out var entry) ? entry.Presence : null;

    /// <summary>Adds or renews. True if anything but the time of the announcement is new.</summary>
    public bool Announce(Guid id, T presence)
    {
        var known = _entries.TryGetValue(id, out var before) && before.Presence.Equals(presence);
        _entries[id] = (known ? before.Presence : presence, time.GetTimestamp());
        if (!known)
            _all = null;
        return !known;
    }

    /// <summary>False if it was not there.</summary>
    public bool Remove(Guid id)
    {
        if (!_entries.Remove(id))
            return false;
        _all = null;
        return true;
    }

    /// <summary>Ends the entries whose time is over and returns their ids. Cheap: looks at them only now and then.</summary>
    public IReadOnlyList<Guid> DropExpired()
    {
        if (time.GetElapsedTime(_lookedAt) < PresenceKeeper.Lifetime / 16)
            return [];
        _lookedAt = time.GetTimestamp();
        var dropped = new List<Guid>();
        foreach (var (id, entry) in _entries)
        {
            if (time.GetElapsedTime(entry.AnnouncedAt, _lookedAt) > PresenceKeeper.Lifetime && Remove(id))
                dropped.Add(id);
        }

        return dropped;
    }
}
