namespace Firezone.Storage.Postgres.Authorizations;

/// <summary>An authorization as its gateway needs it.</summary>
/// <param name="Id">The authorization; a pair of client and resource may have several.</param>
/// <param name="ClientId">Who may.</param>
/// <param name="ResourceId">Reach what.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record GatewayAuthorization(Guid Id, Guid ClientId, Guid ResourceId, DateTimeOffset ExpiresAt);
