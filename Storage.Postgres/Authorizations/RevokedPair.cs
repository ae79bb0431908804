namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>A client that may no longer reach a resource through a gateway.</summary>
/// <param name="ClientId">Who.</param>
/// <param name="ResourceId">What.</param>
public readonly record struct RevokedPair(Guid ClientId, Guid ResourceId);
