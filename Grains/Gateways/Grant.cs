namespace Firezone.Grains.Gateways;

/// <summary>An authorization that a gateway holds.</summary>
/// <param name="Id">The authorization's row.</param>
/// <param name="ClientId">Who may.</param>
/// <param name="ResourceId">Reach what.</param>
/// <param name="ExpiresAt">The gateway ends it by itself at this instant.</param>
/// <param name="Basis">What it rests on.</param>
public sealed record Grant(Guid Id, Guid ClientId, Guid ResourceId, DateTimeOffset ExpiresAt, GrantBasis Basis);
