using System.Collections.Immutable;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Wire.Resources;

namespace Firezone.Grains.Accounts;

/// <summary>Renders the resources whose row or site has changed and keeps the others.</summary>
internal sealed class ResourceRenderer(
    AccountState before, AccountState rendered, ImmutableDictionary<Guid, SiteRow> sites, ImmutableDictionary<Guid, ResourceRow> rows)
{
    /// <summary>All resources with a site.</summary>
    /// <param name="touchedSites">Sites that were put or removed, with versions.</param>
    /// <param name="touchedResources">Resources that were put or removed, with versions.</param>
    /// <param name="changed">Resources that are new, gone or look different now, with the version of the last change.</param>
    /// <exception cref="InvalidDataException">A resource has an unknown type.</exception>
    public ImmutableDictionary<Guid, SnapshotResource> Render(
        Dictionary<Guid, long> touchedSites, Dictionary<Guid, long> touchedResources, out Dictionary<Guid, long> changed)
    {
        changed = [];
        var resources = before.Resources.ToBuilder();
        foreach (var (id, version) in WithThoseOf(touchedSites, touchedResources))
        {
            var now = Render(id);
            if (ReferenceEquals(before.Resources.GetValueOrDefault(id), now))
                continue;
            changed[id] = version;
            if (now is null)
                resources.Remove(id);
            else
                resources[id] = now;
        }

        return resources.ToImmutable();
    }

    private Dictionary<Guid, long> WithThoseOf(Dictionary<Guid, long> touchedSites, Dictionary<Guid, long> touchedResources)
    {
        // A new site's resources are touched themselves.
        if (!touchedSites.Keys.Any(before.Sites.ContainsKey))
            return touchedResources;
        var touched = new Dictionary<Guid, long>(touchedResources);
        foreach (var (id, row) in rows)
        {
            if (row.SiteId is { } site && touchedSites.TryGetValue(site, out var version))
                touched[id] = Math.Max(version, touched.GetValueOrDefault(id));
        }

        return touched;
    }

    private SnapshotResource? Render(Guid id)
    {
        if (!rows.TryGetValue(id, out var row) || row.SiteId is not { } siteId || !sites.TryGetValue(siteId, out var site))
            return null;
        return rendered.Resources.TryGetValue(id, out var old) && old.View.SiteName == site.Name && Rows.Same(rendered.ResourceRows[id], row)
            ? old
            : new SnapshotResource(ToView(row, site), row.Revision);
    }

    private static ResourceView ToView(ResourceRow row, SiteRow site) => new(
        row.Id,
        ResourceNames.TryParse(row.Type, out ResourceType type)
            ? type
            : throw new InvalidDataException($"Resource {row.Id} has the unknown type '{row.Type}'."),
        row.Name,
        row.Address,
        row.AddressDescription,
        ResourceNames.TryParse(row.IpStack, out IpStack stack) ? stack : null,
        [.. row.Filters.Select(f => new ResourceFilter(f.Protocol, f.Ports))],
        site.Id,
        site.Name);
}
