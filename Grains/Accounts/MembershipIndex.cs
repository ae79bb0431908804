using System.Collections.Immutable;

namespace Firezone.Grains.Accounts;

/// <summary>The memberships of an account from both ends. Immutable.</summary>
/// <param name="ByActor">Each actor's memberships, sorted by group.</param>
/// <param name="ByGroup">The actors of each group.</param>
internal sealed record MembershipIndex(
    ImmutableDictionary<Guid, ImmutableArray<SnapshotMembership>> ByActor, ImmutableDictionary<Guid, ActorSet> ByGroup)
{
    public static MembershipIndex Empty { get; } = new(
        ImmutableDictionary<Guid, ImmutableArray<SnapshotMembership>>.Empty, ImmutableDictionary<Guid, ActorSet>.Empty);

    /// <summary>The actor's memberships, sorted by group.</summary>
    public ImmutableArray<SnapshotMembership> Of(Guid actorId) => ByActor.GetValueOrDefault(actorId, []);

    public bool TryFind(Guid actorId, Guid groupId, out Guid membershipId)
    {
        var own = Of(actorId).AsSpan();
        var index = IndexOf(own, groupId);
        membershipId = index >= 0 ? own[index].Id : default;
        return index >= 0;
    }

    /// <summary>Place of the group in a sorted list, or the complement of where it belongs.</summary>
    public static int IndexOf(ReadOnlySpan<SnapshotMembership> sorted, Guid groupId)
    {
        var (low, high) = (0, sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = sorted[middle].GroupId.CompareTo(groupId);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}
