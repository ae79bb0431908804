namespace Firezone.Grains.Accounts;

/// <summary>The lists of an <see cref="AccountImpact"/>.</summary>
internal enum ImpactKind
{
    Groups,
    FormerEveryone,
    Actors,
    PoliciesChanged,
    PoliciesRemoved,
    ResourcesChanged,
    ResourcesRemoved,
    ResourcesFiltered,
    MembershipsRemoved,
    ClientsVerified,
    ClientsUnverified,
    ClientsRemoved,
    ClientTokensRemoved,
    GatewaysRemoved,
    GatewayTokensRemoved,
    GatewaysRevoked,
    Count,
}
