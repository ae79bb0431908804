namespace Firezone.Wire.Gateway;

/// <summary>One client's access to one resource through the gateway, in <c>init</c>.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ResourceId">The resource; one entry per pair.</param>
/// <param name="ExpiresAt">The latest expiry of the pair's authorizations; sent in whole seconds.</param>
public readonly record struct AuthorizationEntry(Guid ClientId, Guid ResourceId, DateTimeOffset ExpiresAt);
