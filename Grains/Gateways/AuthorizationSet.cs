namespace Firezone.Grains.Gateways;

/// <summary>
/// The authorizations of one pair. Most pairs have one, so the first lives in the set itself and only more of them cost an array.
/// Mutable: use by reference.
/// </summary>
internal struct AuthorizationSet
{
    private Entry _first;
    private Entry[]? _more;

    public int Count { get; private set; }

    /// <summary>Ticks of the latest expiry; the set is not empty.</summary>
    public readonly long Latest
    {
        get
        {
            var latest = _first.Expiry;
            for (var i = 1; i < Count; i++)
                latest = Math.Max(latest, _more![i - 1].Expiry);
            return latest;
        }
    }

    /// <summary>Ticks of the earliest expiry; the set is not empty.</summary>
    public readonly long Earliest
    {
        get
        {
            var earliest = _first.Expiry;
            for (var i = 1; i < Count; i++)
                earliest = Math.Min(earliest, _more![i - 1].Expiry);
            return earliest;
        }
    }

    /// <summary>Adds, or moves the expiry of a known one. True if it was new.</summary>
    public bool Add(Guid id, long expiry)
    {
        var index = IndexOf(id);
        if (index >= 0)
        {
            this[index] = new Entry(id, expiry);
            return false;
        }

        var room = _more?.Length ?? 0;
        if (Count > room)
            Array.Resize(ref _more, room + Math.Max(1, room / 2));
        this[Count++] = new Entry(id, expiry);
        return true;
    }

    /// <summary>True if it was held.</summary>
    public bool Remove(Guid id)
    {
        var index = IndexOf(id);
        if (index < 0)
            return false;
        RemoveAt(index);
        Shrink();
        return true;
    }

    /// <summary>Drops what ends at or before the given ticks; returns how many.</summary>
    public int RemoveExpired(long now)
    {
        var before = Count;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (this[i].Expiry <= now)
                RemoveAt(i);
        }

        if (Count < before)
            Shrink();
        return before - Count;
    }

    /// <summary>Drops what is not in the set; returns how many.</summary>
    public int RetainOnly(IReadOnlySet<Guid> ids)
    {
        var before = Count;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (!ids.Contains(this[i].Id))
                RemoveAt(i);
        }

        if (Count < before)
            Shrink();
        return before - Count;
    }

    private Entry this[int index]
    {
        readonly get => index == 0 ? _first : _more![index - 1];
        set
        {
            if (index == 0)
                _first = value;
            else
                _more![index - 1] = value;
        }
    }

    private readonly int IndexOf(Guid id)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Id == id)
                return i;
        }

        return -1;
    }

    private void RemoveAt(int index) => this[index] = this[--Count];

    private void Shrink()
    {
        if (Count <= 1)
            _more = null;
        else if (Count - 1 <= _more!.Length / 4)
            Array.Resize(ref _more, (Count - 1) * 2);
    }

    private readonly record struct Entry(Guid Id, long Expiry);
}
