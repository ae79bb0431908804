namespace Firezone.Grains.Gateways;

/// <summary>What the removal of an authorization means for its pair.</summary>
/// <param name="Outcome">Whether anything changed, and how much.</param>
/// <param name="Remaining">The latest expiry that is left, set exactly for <see cref="AuthorizationRemovalOutcome.Remaining"/>.</param>
public readonly record struct AuthorizationRemoval(AuthorizationRemovalOutcome Outcome, DateTimeOffset? Remaining);
