namespace Firezone.Grains.Policies;

/// <summary>The outcome of a policy's conditions at one instant.</summary>
/// <param name="Conforms">All conditions pass.</param>
/// <param name="ExpiresAt">
/// Until when they pass if only time goes by, or null for no limit. Always null when <paramref name="Conforms"/> is false.
/// </param>
public readonly record struct Evaluation(bool Conforms, DateTimeOffset? ExpiresAt);
