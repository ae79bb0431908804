namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>A client as policies judge it while it is not asking itself.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="TokenId">Its token, which is good.</param>
/// <param name="ActorId">Who is signed in.</param>
/// <param name="ActorType"><c>account_user</c>, <c>account_admin_user</c> or <c>service_account</c>.</param>
/// <param name="Region">Country at the client's last connect, if known.</param>
/// <param name="RemoteIp">At the client's last connect; empty if unknown.</param>
/// <param name="UserAgent">At the client's last connect; empty if unknown.</param>
/// <param name="AuthProviderId">Identity provider that the token came from; null for tokens made by an administrator.</param>
/// <param name="Verified">An administrator has verified the client.</param>
/// <param name="TokenExpiresAt">Upper bound of everything granted through the token.</param>
public sealed record RenewalSubject(
    Guid ClientId,
    Guid TokenId,
    Guid ActorId,
    string ActorType,
    string? Region,
    string RemoteIp,
    string UserAgent,
    Guid? AuthProviderId,
    bool Verified,
    DateTimeOffset TokenExpiresAt);
