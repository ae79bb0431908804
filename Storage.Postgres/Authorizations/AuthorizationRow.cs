namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>One granted flow.</summary>
/// <param name="Id">Chosen by the caller; adding the same id twice is one row.</param>
/// <param name="AccountId">Owner.</param>
/// <param name="ClientId">Who may.</param>
/// <param name="GatewayId">Through which gateway.</param>
/// <param name="ResourceId">Reach what.</param>
/// <param name="PolicyId">Why.</param>
/// <param name="MembershipId">The membership that the policy applied through; null for Everyone.</param>
/// <param name="TokenId">The client's token.</param>
/// <param name="ClientRemoteIp">At the time of the grant.</param>
/// <param name="ClientUserAgent">At the time of the grant.</param>
/// <param name="GatewayRemoteIp">At the time of the grant.</param>
/// <param name="ExpiresAt">The gateway stops letting the flow through by itself at this instant.</param>
/// <param name="PolicyRevision">Of the policy as it was judged.</param>
/// <param name="ResourceRevision">Of the resource as it was judged.</param>
/// <param name="ClientVerified">The client was judged as a verified one, and the grant may rest on that.</param>
/// <param name="ToldRevision">
/// Of the resource as the gateway was told it: older than <paramref name="ResourceRevision"/> for a renewal after the resource was altered.
/// </param>
public sealed record AuthorizationRow(
    Guid Id,
    Guid AccountId,
    Guid ClientId,
    Guid GatewayId,
    Guid ResourceId,
    Guid PolicyId,
    Guid? MembershipId,
    Guid TokenId,
    string ClientRemoteIp,
    string ClientUserAgent,
    string GatewayRemoteIp,
    DateTimeOffset ExpiresAt,
    long PolicyRevision,
    long ResourceRevision,
    bool ClientVerified,
    long ToldRevision);
