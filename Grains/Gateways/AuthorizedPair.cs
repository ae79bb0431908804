namespace Firezone.Grains.Gateways;

/// <summary>A client's access to a resource through one gateway.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ResourceId">The resource.</param>
/// <param name="ExpiresAt">The latest expiry of the pair's authorizations.</param>
public readonly record struct AuthorizedPair(Guid ClientId, Guid ResourceId, DateTimeOffset ExpiresAt);
