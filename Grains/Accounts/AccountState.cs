using System.Collections.Immutable;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Grains.Accounts;

/// <summary>The contents of a snapshot: the rows, and what is derived from them. Immutable; versions share what has not changed.</summary>
/// <param name="Slug">Short name.</param>
/// <param name="Config">DNS settings.</param>
/// <param name="Disabled">Nobody may connect.</param>
/// <param name="Everyone">The group of all users.</param>
/// <param name="Sites">All sites.</param>
/// <param name="ResourceRows">All resources.</param>
/// <param name="Resources">Those with a site, rendered.</param>
/// <param name="PolicyRows">All enabled policies.</param>
/// <param name="Policies">Those whose resource has a site, compiled.</param>
/// <param name="PoliciesByGroup">The same, in no order.</param>
/// <param name="PoliciesByResource">Ids of all enabled policies, sorted: also of those whose resource has no site at present.</param>
/// <param name="Memberships">All memberships.</param>
internal sealed record AccountState(
    string Slug,
    AccountConfig Config,
    bool Disabled,
    Guid? Everyone,
    ImmutableDictionary<Guid, SiteRow> Sites,
    ImmutableDictionary<Guid, ResourceRow> ResourceRows,
    ImmutableDictionary<Guid, SnapshotResource> Resources,
    ImmutableDictionary<Guid, PolicyRow> PolicyRows,
    ImmutableDictionary<Guid, SnapshotPolicy> Policies,
    ImmutableDictionary<Guid, ImmutableArray<SnapshotPolicy>> PoliciesByGroup,
    ImmutableDictionary<Guid, ImmutableArray<Guid>> PoliciesByResource,
    MembershipIndex Memberships)
{
    public static AccountState Empty { get; } = new(
        "",
        AccountConfig.Default,
        false,
        null,
        ImmutableDictionary<Guid, SiteRow>.Empty,
        ImmutableDictionary<Guid, ResourceRow>.Empty,
        ImmutableDictionary<Guid, SnapshotResource>.Empty,
        ImmutableDictionary<Guid, PolicyRow>.Empty,
        ImmutableDictionary<Guid, SnapshotPolicy>.Empty,
        ImmutableDictionary<Guid, ImmutableArray<SnapshotPolicy>>.Empty,
        ImmutableDictionary<Guid, ImmutableArray<Guid>>.Empty,
        MembershipIndex.Empty);
}
