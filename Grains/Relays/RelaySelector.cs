using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Geo;

namespace Firezone.Grains.Relays;

/// <summary>Chooses the relays that a peer is told.</summary>
public static class RelaySelector
{
    /// <summary>How many relays a peer gets.</summary>
    public const int Count = 2;

    /// <summary>
    /// The two nearest to the peer, nearest first; relays without a location come last. Random among equally near ones, and among all
    /// if the peer has no location. Fewer if fewer are online. Looks at each relay once.
    /// </summary>
    public static IReadOnlyList<RelayPresence> Select(IReadOnlyList<RelayPresence> online, Location peer, Random random)
    {
        ArgumentNullException.ThrowIfNull(online);
        ArgumentNullException.ThrowIfNull(random);
        RelayPresence? first = null, second = null;
        (double Distance, int Lot) firstKey = default, secondKey = default;
        var located = GreatCircle.HasCoordinates(peer);
        for (var i = 0; i < online.Count; i++)
        {
            var relay = online[i];
            var distance = located ? GreatCircle.Between(peer, relay.Location) ?? double.PositiveInfinity : 0;
            var key = (distance, random.Next());
            if (first is null || key.CompareTo(firstKey) < 0)
            {
                (second, secondKey) = (first, firstKey);
                (first, firstKey) = (relay, key);
            }
            else if (second is null || key.CompareTo(secondKey) < 0)
            {
                (second, secondKey) = (relay, key);
            }
        }

        return first is null ? [] : second is null ? [first] : [first, second];
    }
}
