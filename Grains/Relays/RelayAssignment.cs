using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Relays;

/// <summary>Which relays one peer has been told, and when it has to be told others. One writer; the debounce is the caller's.</summary>
public sealed class RelayAssignment
{
    private List<Guid> _remembered;

    /// <summary>Nothing has been told yet.</summary>
    public RelayAssignment() => _remembered = [];

    /// <summary>Continues for a peer that was told these relays before, e.g. by another activation.</summary>
    public RelayAssignment(IEnumerable<Guid> remembered) => _remembered = [.. remembered];

    /// <summary>Ids last told to the peer.</summary>
    public IReadOnlyList<Guid> Remembered => _remembered;

    /// <summary>Selects the relays of <c>init</c>, whatever was remembered.</summary>
    public IReadOnlyList<RelayPresence> Start(IReadOnlyList<RelayPresence> online, Location peer, Random random)
    {
        var selected = RelaySelector.Select(online, peer, random);
        _remembered = [.. selected.Select(relay => relay.RelayId)];
        return selected;
    }

    /// <summary>
    /// Call when the set of online relays has changed and was quiet for a while. Null: the peer needs no message. Otherwise the returned
    /// update must be pushed, as it is remembered as told.
    /// </summary>
    /// <param name="online">One snapshot. Gone and connected relays both come from it, so that no id can be in both lists.</param>
    /// <param name="peer">Where the peer is.</param>
    /// <param name="random">Breaks ties.</param>
    /// <param name="settled">
    /// False while relays may be missing from the snapshot only because they were not announced again yet: those are not reported as
    /// gone, and stay remembered so that a later, settled snapshot can.
    /// </param>
    public RelayUpdate? OnSnapshot(IReadOnlyList<RelayPresence> online, Location peer, Random random, bool settled = true)
    {
        ArgumentNullException.ThrowIfNull(online);
        var missing = Missing(online);
        var gone = settled ? missing : [];

        // With a single relay online this repeats it at every change: harmless, and what peers are used to.
        if (gone.Count == 0 && (_remembered.Count >= RelaySelector.Count || online.Count == 0))
            return null;

        var kept = settled ? [] : missing;
        var selected = Start(online, peer, random);
        _remembered.AddRange(kept);
        return new RelayUpdate(gone, selected);
    }

    private List<Guid> Missing(IReadOnlyList<RelayPresence> online)
    {
        var missing = new List<Guid>(_remembered);
        for (var i = 0; i < online.Count && missing.Count > 0; i++)
            missing.Remove(online[i].RelayId);
        return missing;
    }
}
