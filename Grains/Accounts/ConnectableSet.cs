using Firezone.Grains.Sessions;

namespace Firezone.Grains.Accounts;

/// <summary>
/// The resources that a client may connect to at one moment, in the client's wire variant. Equal sets of an account are one instance. A
/// set holds on to its resources, not to the snapshot that it comes from.
/// </summary>
public sealed class ConnectableSet
{
    private readonly SnapshotResource[] _resources;

    // Of a change's many clients nearly all come from the same set.
    private LastDifference? _last;

    internal ConnectableSet(SnapshotResource[] sorted, ResourceVariant variant, ulong hash)
    {
        _resources = sorted;
        Variant = variant;
        Hash = hash;
    }

    /// <summary>The variant in which the resources are rendered.</summary>
    public ResourceVariant Variant { get; }

    /// <summary>Fingerprint of what <see cref="Rendered"/> gives, equal on every silo.</summary>
    public ulong Hash { get; }

    /// <summary>How many resources there are.</summary>
    public int Count => _resources.Length;

    /// <summary>The resources, sorted by id.</summary>
    public ReadOnlySpan<SnapshotResource> Resources => _resources;

    /// <summary>All resources as clients read them, sorted by id; each is shared, the array is made anew.</summary>
    public byte[][] Rendered() => Array.ConvertAll(_resources, r => r.For(Variant)!.Client);

    /// <summary>The resource, if it is connectable.</summary>
    public SnapshotResource? Find(Guid resourceId)
    {
        var (low, high) = (0, _resources.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _resources[middle].Id.CompareTo(resourceId);
            if (order == 0)
                return _resources[middle];
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    /// <summary>What must be pushed to a device that holds <paramref name="before"/>.</summary>
    /// <param name="before">The set that the device has been told.</param>
    /// <param name="announceSiteChangeAsNew">The device is too old to take an update that moves a resource to another site.</param>
    /// <param name="recreated">Whether a resource that is in both sets has to be announced as deleted and then as new.</param>
    public ConnectableDifference Since(ConnectableSet before, bool announceSiteChangeAsNew, Func<Guid, bool>? recreated = null)
    {
        if (recreated is null && (ReferenceEquals(before, this) || before.Hash == Hash))
            return ConnectableDifference.None;
        if (recreated is not null)
            return Compare(before, announceSiteChangeAsNew, recreated);
        if (Volatile.Read(ref _last) is { } last && last.Is(before, announceSiteChangeAsNew))
            return last.Difference;
        var difference = Compare(before, announceSiteChangeAsNew, recreated: null);
        Volatile.Write(ref _last, new LastDifference(before.Hash, before.Variant, announceSiteChangeAsNew, difference));
        return difference;
    }

    /// <summary>Whether the set consists of exactly these instances.</summary>
    internal bool Is(ReadOnlySpan<SnapshotResource> sorted, ResourceVariant variant)
    {
        if (variant != Variant || sorted.Length != _resources.Length)
            return false;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (!ReferenceEquals(sorted[i], _resources[i]))
                return false;
        }

        return true;
    }

    internal static ulong HashOf(ReadOnlySpan<SnapshotResource> sorted, ResourceVariant variant)
    {
        var hash = 0UL;
        foreach (var resource in sorted)
            hash = ViewHashes.Combine(hash, resource.For(variant)!.ClientHash);
        return hash;
    }

    private ConnectableDifference Compare(ConnectableSet before, bool announceSiteChangeAsNew, Func<Guid, bool>? recreated)
    {
        var deleted = new List<Guid>();
        var changed = new List<SnapshotResource>();
        var (i, j) = (0, 0);
        while (i < before.Count || j < Count)
        {
            var order = i == before.Count ? 1 : j == Count ? -1 : before._resources[i].Id.CompareTo(_resources[j].Id);
            if (order < 0)
            {
                deleted.Add(before._resources[i++].Id);
                continue;
            }

            var resource = _resources[j++];
            if (order > 0)
            {
                changed.Add(resource);
                continue;
            }

            var old = before._resources[i++];
            var anew = recreated?.Invoke(resource.Id) == true;
            if (!anew && SameAs(old, before.Variant, resource))
                continue;
            if (anew || (announceSiteChangeAsNew && (old.SiteId != resource.SiteId || old.View.SiteName != resource.View.SiteName)))
                deleted.Add(resource.Id);
            changed.Add(resource);
        }

        return deleted.Count == 0 && changed.Count == 0 ? ConnectableDifference.None : new ConnectableDifference(deleted, changed);
    }

    private bool SameAs(SnapshotResource old, ResourceVariant oldVariant, SnapshotResource now) =>
        (ReferenceEquals(old, now) && oldVariant == Variant) || old.For(oldVariant)!.Client.AsSpan().SequenceEqual(now.For(Variant)!.Client);

    // By its fingerprint: the older set must not live as long as this one.
    private sealed record LastDifference(ulong BeforeHash, ResourceVariant BeforeVariant, bool AnnouncesSiteChangeAsNew, ConnectableDifference Difference)
    {
        public bool Is(ConnectableSet before, bool announceSiteChangeAsNew) =>
            before.Hash == BeforeHash && before.Variant == BeforeVariant && announceSiteChangeAsNew == AnnouncesSiteChangeAsNew;
    }
}
