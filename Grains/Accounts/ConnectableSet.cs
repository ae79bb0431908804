using Firezone.Grains.Sessions;
using Firezone.Wire.Client;

namespace Firezone.Grains.Accounts;

/// <summary>
/// The resources that a client may connect to at one moment, in the client's wire variant. Clients with the same policies share one
/// instance.
/// </summary>
public sealed class ConnectableSet
{
    private readonly Dictionary<Guid, SnapshotResource> _byId;

    /// <summary>Takes the resources that the variant can express; the others stay hidden.</summary>
    public ConnectableSet(IEnumerable<SnapshotResource> resources, ResourceVariant variant)
    {
        Variant = variant;
        _byId = resources.Where(r => r.For(variant) is not null).ToDictionary(r => r.Id);

        // By id: equal sets have equal bytes on every silo, so that a resumed session can tell that nothing changed.
        Json = ClientResource.Join([.. _byId.Values.OrderBy(r => r.Id).Select(r => r.For(variant)!.Client)]);
        Hash = ViewHashes.Of(Json);
    }

    /// <summary>The variant in which the resources are rendered.</summary>
    public ResourceVariant Variant { get; }

    /// <summary>UTF-8 JSON array of all resources.</summary>
    public byte[] Json { get; }

    /// <summary>Fingerprint of <see cref="Json"/>, equal on every silo.</summary>
    public ulong Hash { get; }

    /// <summary>How many resources there are.</summary>
    public int Count => _byId.Count;

    /// <summary>The resource, if it is connectable.</summary>
    public SnapshotResource? Find(Guid resourceId) => _byId.GetValueOrDefault(resourceId);

    /// <summary>What must be pushed to a device that holds <paramref name="before"/>.</summary>
    /// <param name="before">The set that the device has been told.</param>
    /// <param name="announceSiteChangeAsNew">The device is too old to take an update that moves a resource to another site.</param>
    public ConnectableDifference Since(ConnectableSet before, bool announceSiteChangeAsNew)
    {
        if (ReferenceEquals(before, this) || before.Hash == Hash)
            return ConnectableDifference.None;

        var deleted = before._byId.Keys.Where(id => !_byId.ContainsKey(id)).ToList();
        var changed = new List<SnapshotResource>();
        foreach (var resource in _byId.Values)
        {
            if (!before._byId.TryGetValue(resource.Id, out var old))
            {
                changed.Add(resource);
                continue;
            }

            if (old.For(before.Variant)!.Client.AsSpan().SequenceEqual(resource.For(Variant)!.Client))
                continue;
            if (announceSiteChangeAsNew && (old.SiteId != resource.SiteId || old.View.SiteName != resource.View.SiteName))
                deleted.Add(resource.Id);
            changed.Add(resource);
        }

        return new ConnectableDifference(deleted, changed);
    }
}
