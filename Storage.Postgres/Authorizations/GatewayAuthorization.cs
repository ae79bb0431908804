namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>An authorization as its gateway needs it.</summary>
/// <param name="Id">The authorization; a pair of client and resource may have several.</param>
/// <param name="ClientId">Who may.</param>
/// <param name="ResourceId">Reach what.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="PolicyId">Why.</param>
/// <param name="MembershipId">The membership that the policy applied through; null for Everyone.</param>
/// <param name="TokenId">The client's token.</param>
/// <param name="ToldRevision">Of the resource as the gateway was told it.</param>
/// <param name="IsStale">The resource has been altered since the gateway was told of it.</param>
public sealed record GatewayAuthorization(
    Guid Id,
    Guid ClientId,
    Guid ResourceId,
    DateTimeOffset ExpiresAt,
    Guid PolicyId,
    Guid? MembershipId,
    Guid TokenId,
    long ToldRevision,
    bool IsStale);
