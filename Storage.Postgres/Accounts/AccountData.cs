namespace Firezone.Storage.Postgres.Accounts;

/// <summary>The configuration of an account as one consistent read saw it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Version">
/// Rises by one with every transaction that changes any of the following; version order is commit order.
/// </param>
/// <param name="Slug">Short name, unique.</param>
/// <param name="Config">DNS settings.</param>
/// <param name="Disabled">Clients are kept out; their tokens were deleted when it was disabled.</param>
/// <param name="Sites">All sites.</param>
/// <param name="Resources">All resources, also those without a site.</param>
/// <param name="Groups">All groups.</param>
/// <param name="Memberships">All memberships; "Everyone" has none.</param>
/// <param name="Policies">Enabled policies only.</param>
public sealed record AccountData(
    Guid Id,
    long Version,
    string Slug,
    AccountConfig Config,
    bool Disabled,
    SiteRow[] Sites,
    ResourceRow[] Resources,
    GroupRow[] Groups,
    MembershipRow[] Memberships,
    PolicyRow[] Policies);
