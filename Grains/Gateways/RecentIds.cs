namespace Firezone.Grains.Gateways;

/// <summary>Remembers ids for one to two rotations, at 16 bytes and a slot each. Not thread-safe.</summary>
public sealed class RecentIds
{
    private HashSet<Guid> _current = [];
    private HashSet<Guid> _previous = [];

    /// <summary>How many are remembered.</summary>
    public int Count => _current.Count + _previous.Count;

    /// <summary>Remembers an id.</summary>
    public void Add(Guid id) => _current.Add(id);

    /// <summary>Whether the id is remembered.</summary>
    public bool Contains(Guid id) => _current.Contains(id) || _previous.Contains(id);

    /// <summary>Forgets what was there before the last rotation.</summary>
    public void Rotate()
    {
        _previous = _current;
        _current = [];
    }
}
