namespace Firezone.Grains.Sessions;

/// <summary>A set that mostly has one member, which then costs nothing but its reference. Mutable: use by reference; not thread-safe.</summary>
internal struct Few<T>
    where T : class
{
    // Null, a T, or a HashSet of them.
    private object? _content;

    public readonly bool IsEmpty => _content is null;

    /// <summary>The member, if it is the only one.</summary>
    public readonly T? Only => _content as T;

    public void Add(T item)
    {
        switch (_content)
        {
            case null:
                _content = item;
                break;
            case T only:
                _content = new HashSet<T> { only, item };
                break;
            default:
                ((HashSet<T>)_content).Add(item);
                break;
        }
    }

    public void Remove(T item)
    {
        if (ReferenceEquals(_content, item))
            _content = null;
        else if (_content is HashSet<T> set && set.Remove(item) && set.Count == 1)
            _content = set.First();
    }

    /// <summary>Adds the members to <paramref name="target"/>.</summary>
    public readonly void CopyTo(ICollection<T> target)
    {
        if (_content is T only)
        {
            target.Add(only);
        }
        else if (_content is HashSet<T> set)
        {
            foreach (var item in set)
                target.Add(item);
        }
    }
}
