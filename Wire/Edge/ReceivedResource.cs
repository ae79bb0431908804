namespace Firezone.Wire.Edge;

/// <summary>A resource as a device reads it.</summary>
/// <param name="Id">Resource id.</param>
/// <param name="Type"><c>dns</c>, <c>cidr</c> or <c>internet</c>.</param>
/// <param name="Name">Null for the internet resource.</param>
/// <param name="Address">Domain pattern or network; null for the internet resource.</param>
/// <param name="AddressDescription">Clients only.</param>
/// <param name="IpStack"><c>dual</c>, <c>ipv4_only</c>, <c>ipv6_only</c> or null, which means dual.</param>
/// <param name="Sites">Clients only; one in practice.</param>
/// <param name="Filters">Empty means that all traffic is allowed.</param>
public sealed record ReceivedResource(
    Guid Id,
    string Type,
    string? Name,
    string? Address,
    string? AddressDescription,
    string? IpStack,
    IReadOnlyList<ReceivedSite> Sites,
    IReadOnlyList<ReceivedFilter> Filters);
