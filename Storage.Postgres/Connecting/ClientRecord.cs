namespace Firezone.Storage.Postgres.Connecting;

/// <summary>All that the control plane needs to know of an admitted client.</summary>
/// <param name="AccountId">Owner.</param>
/// <param name="ClientId">The device.</param>
/// <param name="ActorId">Who is signed in.</param>
/// <param name="ActorType"><c>account_user</c>, <c>account_admin_user</c> or <c>service_account</c>.</param>
/// <param name="ActorName">For display.</param>
/// <param name="ActorEmail">Null for service accounts.</param>
/// <param name="TokenId">The credential used.</param>
/// <param name="TokenExpiresAt">Upper bound of everything granted through it.</param>
/// <param name="AuthProviderId">Identity provider that the token came from; null for tokens made by an administrator.</param>
/// <param name="PskBase">32 secret bytes of the device, constant for its life; not for peers, not for logs.</param>
/// <param name="Ipv4">Tunnel address, textual.</param>
/// <param name="Ipv6">Tunnel address, textual (RFC 5952).</param>
/// <param name="Verified">
/// An administrator verified the device, and every hardware identifier stored then equals the one sent now.
/// </param>
/// <param name="Now">The database's clock at this connect.</param>
/// <param name="AccountVersion">The account's version when the token was judged: every later deletion of it is of a higher one.</param>
public sealed record ClientRecord(
    Guid AccountId,
    Guid ClientId,
    Guid ActorId,
    string ActorType,
    string ActorName,
    string? ActorEmail,
    Guid TokenId,
    DateTimeOffset TokenExpiresAt,
    Guid? AuthProviderId,
    byte[] PskBase,
    string Ipv4,
    string Ipv6,
    bool Verified,
    DateTimeOffset Now,
    long AccountVersion);
