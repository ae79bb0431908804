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

    /// <summary>The latest revision of the resource that the gateway was told; the set is not empty.</summary>
    public readonly long ToldRevision
    {
        get
        {
            var told = _first.Basis.ToldRevision;
            for (var i = 1; i < Count; i++)
                told = Math.Max(told, _more![i - 1].Basis.ToldRevision);
            return told;
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

    /// <summary>Adds, or replaces a known one. Returns what the replaced one rested on, null if it is new.</summary>
    public GrantBasis? Add(Guid id, long expiry, GrantBasis basis)
    {
        var index = IndexOf(id);
        if (index >= 0)
        {
            var before = this[index].Basis;
            this[index] = new Entry(id, expiry, basis);
            return before;
        }

        // Most authorizations of a pair are repetitions.
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Basis == basis)
                basis = this[i].Basis;
        }

        var room = _more?.Length ?? 0;
        if (Count > room)
            Array.Resize(ref _more, room + Math.Max(1, room / 2));
        this[Count++] = new Entry(id, expiry, basis);
        return null;
    }

    /// <summary>What the removed one rested on; null if it was not held.</summary>
    public GrantBasis? Remove(Guid id)
    {
        var index = IndexOf(id);
        if (index < 0)
            return null;
        var basis = this[index].Basis;
        RemoveAt(index);
        Shrink();
        return basis;
    }

    /// <summary>Whether it is held.</summary>
    public readonly bool Contains(Guid id) => IndexOf(id) >= 0;

    /// <summary>The one at a position.</summary>
    public Entry this[int index]
    {
        readonly get => index == 0 ? _first : _more![index - 1];
        private set
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

    /// <summary>One authorization.</summary>
    internal readonly record struct Entry(Guid Id, long Expiry, GrantBasis Basis);
}
