using Firezone.Grains.Abstractions.Relays;

namespace Firezone.Grains.Relays;

/// <summary>The online relays at one moment. Selection and departure are always judged on one and the same snapshot.</summary>
public sealed class RelaySnapshot
{
    private readonly Dictionary<Guid, RelayPresence> _byId;

    /// <summary>Takes a list with unique ids.</summary>
    public RelaySnapshot(IEnumerable<RelayPresence> relays)
    {
        Relays = [.. relays];
        _byId = Relays.ToDictionary(r => r.RelayId);
    }

    /// <summary>No relay is online.</summary>
    public static RelaySnapshot Empty { get; } = new([]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<RelayPresence> Relays { get; }

    /// <summary>Whether the relay is online.</summary>
    public bool Contains(Guid relayId) => _byId.ContainsKey(relayId);

    /// <summary>The relay, or null when it is not online.</summary>
    public RelayPresence? Find(Guid relayId) => _byId.GetValueOrDefault(relayId);

    /// <summary>What to hold after a view has arrived.</summary>
    /// <remarks>A directory that was built anew may add at first, but not remove: it may not know all living relays yet.</remarks>
    public RelaySnapshot Merge(RelayDirectoryView view) => view.Settled
        ? new(view.Relays)
        : new(view.Relays.Concat(Relays.Where(held => !view.Relays.Any(r => r.RelayId == held.RelayId))));
}
