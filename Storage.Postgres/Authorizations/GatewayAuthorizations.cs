namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>What a gateway may let through and what it may not any more, as of one instant.</summary>
/// <param name="AccountVersion">The account's version at that instant; 0 if the gateway is gone.</param>
/// <param name="Rows">The unexpired authorizations, in no particular order.</param>
/// <param name="Revoked">Pairs that an authorization was taken back from before it expired. They may have others.</param>
public sealed record GatewayAuthorizations(long AccountVersion, GatewayAuthorization[] Rows, RevokedPair[] Revoked);
