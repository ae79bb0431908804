namespace Firezone.Membership.Postgres.Detection;

/// <summary>The silos of a view in an order that every silo computes alike and that a silo's coming or going hardly changes.</summary>
internal sealed class Ring
{
    private readonly Peer[] _members;

    public Ring(IEnumerable<Peer> members)
    {
        _members = [.. members.OrderBy(peer => Position(peer.Id)).ThenBy(peer => peer.Id)];
        for (var index = 0; index < _members.Length; index++)
            _members[index].Index = index;
    }

    public ReadOnlySpan<Peer> Members => _members;

    /// <summary>Everybody else, in the order of the ring.</summary>
    public IEnumerable<Peer> After(Peer member)
    {
        for (var step = 1; step < _members.Length; step++)
            yield return _members[(member.Index + step) % _members.Length];
    }

    /// <summary>Everybody else, against the order of the ring: first the one who watches this one first.</summary>
    public IEnumerable<Peer> Before(Peer member)
    {
        for (var step = 1; step < _members.Length; step++)
            yield return _members[(member.Index + _members.Length - step) % _members.Length];
    }

    private static ulong Position(SiloId silo)
    {
        // FNV-1a, and a finish that spreads texts which differ in the last digits only.
        var hash = 14695981039346656037UL;
        foreach (var character in silo.Value)
            hash = (hash ^ character) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
