namespace Firezone.Wire.Resources;

/// <summary>All of a resource that any peer is shown.</summary>
/// <param name="Id">Resource id.</param>
/// <param name="Type">As stored.</param>
/// <param name="Name">Null for the internet resource.</param>
/// <param name="Address">Domain pattern, network with zero host bits, or single address; null for the internet resource.</param>
/// <param name="AddressDescription">For people, clients only.</param>
/// <param name="IpStack">As stored; only sent for DNS resources, and only if not null.</param>
/// <param name="Filters">Empty means that all traffic is allowed.</param>
/// <param name="SiteId">Null: the resource is connectable by nobody.</param>
/// <param name="SiteName">The site's display name.</param>
public sealed record ResourceView(
    Guid Id,
    ResourceType Type,
    string? Name,
    string? Address,
    string? AddressDescription,
    IpStack? IpStack,
    IReadOnlyList<ResourceFilter> Filters,
    Guid? SiteId,
    string? SiteName);
