namespace Firezone.Storage.Postgres.Accounts;

/// <summary>Something that can be reached through a site.</summary>
/// <param name="Id">The resource.</param>
/// <param name="Type"><c>dns</c>, <c>cidr</c>, <c>ip</c> or <c>internet</c>.</param>
/// <param name="Name">Shown to users.</param>
/// <param name="Address">Null for the internet.</param>
/// <param name="AddressDescription">Shown in place of the address.</param>
/// <param name="IpStack"><c>dual</c>, <c>ipv4_only</c> or <c>ipv6_only</c> for DNS, else null.</param>
/// <param name="Filters">Allowed traffic; empty means all.</param>
/// <param name="SiteId">Null: not reachable at present.</param>
/// <param name="Revision">Rises when a change takes back what was granted for the resource.</param>
public sealed record ResourceRow(
    Guid Id,
    string Type,
    string Name,
    string? Address,
    string? AddressDescription,
    string? IpStack,
    FilterRow[] Filters,
    Guid? SiteId,
    long Revision);
