using System.Runtime.InteropServices;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>Applies changes of memberships in their order, then makes the next index in one pass.</summary>
internal sealed class MembershipEditor(MembershipIndex before)
{
    private readonly Dictionary<Guid, List<SnapshotMembership>> _touched = [];

    /// <summary>False if nothing changes by it.</summary>
    /// <param name="row">The membership.</param>
    /// <param name="replaced">Another membership of the same actor and group that was there; its removal comes later or not at all.</param>
    public bool Put(MembershipRow row, out Guid? replaced)
    {
        replaced = null;
        var own = Touch(row.ActorId);
        var membership = new SnapshotMembership(row.GroupId, row.Id);
        var index = MembershipIndex.IndexOf(CollectionsMarshal.AsSpan(own), row.GroupId);
        if (index < 0)
            own.Insert(~index, membership);
        else if (own[index] == membership)
            return false;
        else
            (replaced, own[index]) = (own[index].Id, membership);
        return true;
    }

    /// <summary>False if it is not there: another membership of the same actor and group stays.</summary>
    public bool Remove(MembershipRow row)
    {
        var own = Touch(row.ActorId);
        var index = MembershipIndex.IndexOf(CollectionsMarshal.AsSpan(own), row.GroupId);
        if (index < 0 || own[index].Id != row.Id)
            return false;
        own.RemoveAt(index);
        return true;
    }

    /// <summary>The index after all changes.</summary>
    public MembershipIndex ToIndex()
    {
        if (_touched.Count == 0)
            return before;
        var byActor = before.ByActor.ToBuilder();
        var groups = new Dictionary<Guid, GroupChange>();
        foreach (var (actor, own) in _touched)
        {
            Compare(actor, before.Of(actor).AsSpan(), CollectionsMarshal.AsSpan(own), groups);
            if (own.Count == 0)
                byActor.Remove(actor);
            else
                byActor[actor] = [.. own];
        }

        var byGroup = before.ByGroup.ToBuilder();
        foreach (var (group, change) in groups)
        {
            var actors = byGroup.GetValueOrDefault(group, ActorSet.Empty)!.With(change.Added, change.Removed);
            if (actors.Count == 0)
                byGroup.Remove(group);
            else
                byGroup[group] = actors;
        }

        return new MembershipIndex(byActor.ToImmutable(), byGroup.ToImmutable());
    }

    private List<SnapshotMembership> Touch(Guid actorId)
    {
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_touched, actorId, out _);
        return own ??= [.. before.Of(actorId)];
    }

    // Both are sorted by group.
    private static void Compare(
        Guid actor, ReadOnlySpan<SnapshotMembership> old, ReadOnlySpan<SnapshotMembership> own, Dictionary<Guid, GroupChange> groups)
    {
        var (i, j) = (0, 0);
        while (i < old.Length || j < own.Length)
        {
            var order = i == old.Length ? 1 : j == own.Length ? -1 : old[i].GroupId.CompareTo(own[j].GroupId);
            if (order < 0)
                Of(old[i].GroupId).Removed.Add(actor);
            else if (order > 0)
                Of(own[j].GroupId).Added.Add(actor);
            if (order <= 0)
                i++;
            if (order >= 0)
                j++;
        }

        GroupChange Of(Guid group) => CollectionsMarshal.GetValueRefOrAddDefault(groups, group, out _) ??= new GroupChange([], []);
    }

    private sealed record GroupChange(List<Guid> Added, List<Guid> Removed);
}
